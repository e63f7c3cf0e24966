"""The function's own settings, and those that Rampart reads."""

from support import settings
from support.stack import ACCOUNT, IMAGE, NAME, REGION, SECRET, Stack

# Lambda's own; the translator and cfn-lint let more pass.
LONGEST_TIMEOUT = 900


def it_is_an_image_for_one_architecture(stack: Stack) -> None:
    function = stack["Function"]
    assert function["PackageType"] == "Image"
    assert function["Code"] == {"ImageUri": IMAGE}
    assert function["Architectures"] == [stack.parameters["Architecture"]]
    # The policies name the function by what it is called.
    assert function["FunctionName"] == NAME


def it_has_bounds(stack: Stack) -> None:
    function, parameters = stack["Function"], stack.parameters
    assert int(function["Timeout"]) == int(parameters["TimeoutSeconds"]) <= LONGEST_TIMEOUT
    assert int(function["MemorySize"]) == int(parameters["MemorySize"])
    assert int(function["ReservedConcurrentExecutions"]) == int(parameters["ReservedConcurrency"]) > 0
    assert int(function["EphemeralStorage"]["Size"]) == int(parameters["EphemeralStorageMB"])
    assert function["RecursiveLoop"] == "Terminate"


def it_logs_json_to_its_own_group_and_traces(stack: Stack) -> None:
    assert stack["Function"]["LoggingConfig"] == {
        "LogFormat": "JSON",
        "ApplicationLogLevel": stack.parameters["ApplicationLogLevel"],
        "SystemLogLevel": stack.parameters["SystemLogLevel"],
        "LogGroup": "LogGroup",
    }
    assert stack["Function"]["TracingConfig"] == {"Mode": "Active"}


def its_settings_are_encrypted(stack: Stack) -> None:
    assert stack["Function"]["KmsKeyArn"] == "Key.Arn"


def its_tenants_are_parted_where_that_is_asked_for(stack: Stack) -> None:
    asked = stack.parameters["TenantIsolation"] == "PER_TENANT"
    assert stack["Function"].get("TenancyConfig") == ({"TenantIsolationMode": "PER_TENANT"} if asked else None)


def its_settings_are_rampart_s(stack: Stack) -> None:
    variables = _variables(stack)
    assert set(variables) <= settings.known()
    assert variables["RAMPART_BUCKET"] == "Charts"
    assert variables["RAMPART_BUCKET_OWNER"] == ACCOUNT
    assert variables["RAMPART_PREFIX"] == "charts/"
    assert variables["RAMPART_SELF_TEST"] == stack.parameters["SelfTest"]
    # What lets scripts' text, or addresses of the callers', out is a decision of its own.
    assert not {"RAMPART_LOG_SCRIPTS", "RAMPART_INPUT_BUCKETS", "RAMPART_REQUIRE"} & set(variables)
    put = stack.parameters["PutBucket"]
    assert variables.get("RAMPART_PUT_HOSTS", "") == (f"{put}.s3.{REGION}.amazonaws.com" if put else "")
    assert variables.get("RAMPART_PRELOAD", "") == stack.parameters["Preload"]


def a_run_fits_into_the_function(stack: Stack) -> None:
    function, variables = stack["Function"], _variables(stack)
    reserve = int(settings.default("RAMPART_RESERVE_MS"))
    wall = int(stack.parameters["WallSeconds"])
    assert int(variables["RAMPART_WALL_SECONDS"]) == int(variables["RAMPART_CPU_SECONDS"]) == wall
    assert wall * 1000 + reserve < int(function["Timeout"]) * 1000
    assert int(variables["RAMPART_MEMORY_MB"]) == int(stack.parameters["RunMemoryMB"])
    assert int(variables["RAMPART_MEMORY_MB"]) + 512 <= int(function["MemorySize"])


def its_signing_key_comes_from_secrets_manager(stack: Stack) -> None:
    asked = stack.parameters["SigningKeySecret"]
    version = stack.parameters["SigningKeyVersion"]
    expected = f"[secretsmanager {SECRET}:SecretString:::{version}]" if asked else None
    assert _variables(stack).get("RAMPART_SIGNING_KEY") == expected


def failed_events_are_tried_again_once_at_most_and_then_kept(stack: Stack) -> None:
    config = stack.only("AWS::Lambda::EventInvokeConfig")
    assert int(config["MaximumRetryAttempts"]) == int(stack.parameters["AsyncRetries"]) in (0, 1)
    assert config["MaximumEventAgeInSeconds"] <= 3600
    assert config["DestinationConfig"] == {
        "OnFailure": {"Destination": "Failures.Arn"},
        "OnSuccess": {"Destination": "Answers.Arn"},
    }
    # Backends may call the alias and nothing else.
    assert (config["FunctionName"], config["Qualifier"]) == ("Function", "live")


def an_alarm_takes_a_new_version_back(stack: Stack) -> None:
    alias = stack.resources["FunctionAliaslive"]
    ((version_name, version),) = stack.of("AWS::Lambda::Version").items()
    assert alias["Properties"] == {
        "Name": "live",
        "FunctionName": "Function",
        "FunctionVersion": f"{version_name}.Version",
    }
    assert version == {"FunctionName": "Function", "Description": version["Description"]}
    assert stack.resources[version_name]["UpdateReplacePolicy"] == "Retain"
    assert alias["UpdatePolicy"] == {
        "CodeDeployLambdaAliasUpdate": {
            "ApplicationName": "ServerlessDeploymentApplication",
            "DeploymentGroupName": "FunctionDeploymentGroup",
        }
    }
    assert stack["ServerlessDeploymentApplication"] == {"ComputePlatform": "Lambda"}
    assert stack["FunctionDeploymentGroup"] == {
        "ApplicationName": "ServerlessDeploymentApplication",
        "DeploymentConfigName": f"CodeDeployDefault.Lambda{stack.parameters['DeploymentType']}",
        "DeploymentStyle": {"DeploymentOption": "WITH_TRAFFIC_CONTROL", "DeploymentType": "BLUE_GREEN"},
        "ServiceRoleArn": "DeploymentRole.Arn",
        "AlarmConfiguration": {
            "Enabled": True,
            "Alarms": [{"Name": name} for name in ("ErrorsAlarm", "SlowAlarm", "TaintedAlarm")],
        },
        "AutoRollbackConfiguration": {
            "Enabled": True,
            "Events": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"],
        },
    }


def a_version_is_told_from_another_by_what_it_was_given(stack: Stack) -> None:
    names = [
        "Release",
        "MemorySize",
        "TimeoutSeconds",
        "WallSeconds",
        "RunMemoryMB",
        "EphemeralStorageMB",
        "SelfTest",
        "ApplicationLogLevel",
        "SigningKeyVersion",
        "ImageUri",
    ]
    description = stack.only("AWS::Lambda::Version")["Description"]
    assert description.split() == " ".join(stack.parameters[name] for name in names).split()
    assert len(description) <= 256


def _variables(stack: Stack) -> dict:
    return stack["Function"]["Environment"]["Variables"]
