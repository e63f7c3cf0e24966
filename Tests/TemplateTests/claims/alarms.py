"""What is wrong is told: an alarm each, on metrics that somebody writes."""

from support.stack import NAME, Stack

OF_THE_FUNCTION = [{"Name": "FunctionName", "Value": "Function"}]
OF_THE_QUEUE = [{"Name": "QueueName", "Value": "Failures.QueueName"}]
OWN = f"Rampart/{NAME}"
# Name, namespace, metric, dimensions, statistic, seconds, threshold.
ALARMS = [
    ("dropped", "AWS/Lambda", "AsyncEventsDropped", OF_THE_FUNCTION, "Sum", 300, 1),
    ("errors", "AWS/Lambda", "Errors", OF_THE_FUNCTION, "Sum", 300, 1),
    ("failures", "AWS/SQS", "ApproximateNumberOfMessagesVisible", OF_THE_QUEUE, "Maximum", 300, 1),
    ("out-of-memory", OWN, "OutOfMemory", [], "Sum", 300, 5),
    ("slow", "AWS/Lambda", "Duration", OF_THE_FUNCTION, "p99", 300, 90),
    ("tainted", OWN, "Tainted", [], "Sum", 60, 1),
    ("throttles", "AWS/Lambda", "Throttles", OF_THE_FUNCTION, "Sum", 300, 1),
    ("undelivered", "AWS/Lambda", "DestinationDeliveryFailures", OF_THE_FUNCTION, "Sum", 300, 1),
    ("unfinished", OWN, "Unfinished", [], "Sum", 300, None),
]
# Tests/EndToEndTests/test_alarms.py holds the patterns against what Rampart logs.
FILTERS = [
    ("OutOfMemory", '{ ($.Limit = "memory") || ($.record.errorType = "Runtime.OutOfMemory") }'),
    ("Tainted", '{ $.errorType = "Runtime.Tainted" }'),
    ("Unfinished", '{ ($.Status = "failed") || ($.Status = "rejected") }'),
]


def there_is_an_alarm_for_each_thing_that_goes_wrong(stack: Stack) -> None:
    found = stack.of("AWS::CloudWatch::Alarm").values()
    wanted = int(stack.parameters["UnfinishedRuns"])
    assert sorted(_row(alarm) for alarm in found) == [(*row[:-1], row[-1] or wanted) for row in ALARMS]
    for alarm in found:
        assert alarm["AlarmName"].startswith(f"{NAME}-")
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["EvaluationPeriods"] == 1
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmDescription"]


def _row(alarm: dict) -> tuple:
    name = alarm["AlarmName"].removeprefix(f"{NAME}-")
    threshold = int(alarm["Threshold"])
    if "Metrics" in alarm:
        _, data = alarm["Metrics"]
        metric, statistic = data["MetricStat"]["Metric"], data["MetricStat"]["Stat"]
        dimensions, period = metric["Dimensions"], data["MetricStat"]["Period"]
    else:
        metric, statistic, period = alarm, alarm["Statistic"], alarm["Period"]
        dimensions = alarm.get("Dimensions", [])
    return (name, metric["Namespace"], metric["MetricName"], dimensions, statistic, period, threshold)


def what_is_near_the_timeout_is_nine_tenths_of_it(stack: Stack) -> None:
    part, duration = stack["SlowAlarm"]["Metrics"]
    # A duration is in milliseconds, so a per cent of the timeout is ten of them a second.
    assert part == {
        "Id": "part",
        "Label": part["Label"],
        "Expression": f"duration / ({stack['Function']['Timeout']} * 10)",
    }
    assert (duration["Id"], duration["ReturnData"]) == ("duration", False)
    assert stack["SlowAlarm"]["Threshold"] == 90


def alarms_go_to_the_topic_where_there_is_one(stack: Stack) -> None:
    topic = stack.parameters["AlarmTopic"]
    for alarm in stack.of("AWS::CloudWatch::Alarm").values():
        assert alarm.get("AlarmActions", []) == ([topic] if topic else [])
        assert alarm.get("ActionsEnabled", True)


def the_log_is_counted(stack: Stack) -> None:
    found = []
    for row in stack.of("AWS::Logs::MetricFilter").values():
        assert row["LogGroupName"] == "LogGroup"
        (metric,) = row["MetricTransformations"]
        found.append((metric["MetricName"], row["FilterPattern"]))
        assert metric == {
            "MetricNamespace": OWN,
            "MetricName": metric["MetricName"],
            "MetricValue": "1",
            "DefaultValue": 0,
        }
    assert sorted(found) == FILTERS
