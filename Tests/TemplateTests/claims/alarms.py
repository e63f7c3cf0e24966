"""What is wrong is told: an alarm each, on metrics that somebody writes."""

from support.stack import NAME, Stack

OF_THE_FUNCTION = [{"Name": "FunctionName", "Value": "Function"}]
OF_THE_QUEUE = [{"Name": "QueueName", "Value": "Failures.QueueName"}]
OWN = f"Rampart/{NAME}"
# Name, namespace, metric, dimensions, statistic, seconds, threshold.
ALARMS = [
    ("errors", "AWS/Lambda", "Errors", OF_THE_FUNCTION, "Sum", 300, 1),
    ("failures", "AWS/SQS", "ApproximateNumberOfMessagesVisible", OF_THE_QUEUE, "Maximum", 300, 1),
    ("out-of-memory", OWN, "OutOfMemory", [], "Sum", 300, 5),
    ("slow", "AWS/Lambda", "Duration", OF_THE_FUNCTION, "p99", 300, 27000),
    ("tainted", OWN, "Tainted", [], "Sum", 60, 1),
    ("throttles", "AWS/Lambda", "Throttles", OF_THE_FUNCTION, "Sum", 300, 1),
]
# Tests/EndToEndTests/test_alarms.py holds the patterns against what Rampart logs.
FILTERS = [
    ("OutOfMemory", '{ ($.Limit = "memory") || ($.record.errorType = "Runtime.OutOfMemory") }'),
    ("Tainted", '{ $.errorType = "Runtime.Tainted" }'),
]


def there_is_an_alarm_for_each_thing_that_goes_wrong(stack: Stack) -> None:
    found = stack.of("AWS::CloudWatch::Alarm").values()
    assert sorted(_row(alarm) for alarm in found) == ALARMS
    for alarm in found:
        assert alarm["AlarmName"].startswith(f"{NAME}-")
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
        assert alarm["EvaluationPeriods"] == 1
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmDescription"]


def _row(alarm: dict) -> tuple:
    statistic = alarm.get("Statistic") or alarm.get("ExtendedStatistic")
    return (
        alarm["AlarmName"].removeprefix(f"{NAME}-"), alarm["Namespace"], alarm["MetricName"],
        alarm.get("Dimensions", []), statistic, alarm["Period"], alarm["Threshold"],
    )


def what_is_near_the_timeout_is_nine_tenths_of_it(stack: Stack) -> None:
    assert stack["SlowAlarm"]["Threshold"] * 10 == stack["Function"]["Timeout"] * 1000 * 9


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
            "MetricNamespace": OWN, "MetricName": metric["MetricName"], "MetricValue": "1", "DefaultValue": 0,
        }
    assert sorted(found) == FILTERS
