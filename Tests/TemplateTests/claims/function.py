"""The function's own settings, and those that Rampart reads."""

from support import settings
from support.stack import ACCOUNT, IMAGE, NAME, SECRET, Stack

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
    assert function["Timeout"] == 30 <= LONGEST_TIMEOUT
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
    assert not {"RAMPART_LOG_SCRIPTS", "RAMPART_PUT_HOSTS", "RAMPART_INPUT_BUCKETS", "RAMPART_REQUIRE"} & set(variables)


def a_run_fits_into_the_function(stack: Stack) -> None:
    function, variables = stack["Function"], _variables(stack)
    reserve = int(settings.default("RAMPART_RESERVE_MS"))
    assert int(variables["RAMPART_WALL_SECONDS"]) == int(variables["RAMPART_CPU_SECONDS"])
    assert int(variables["RAMPART_WALL_SECONDS"]) * 1000 + reserve < function["Timeout"] * 1000
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
    assert config["DestinationConfig"] == {"OnFailure": {"Destination": "Failures.Arn"}}
    assert (config["FunctionName"], config["Qualifier"]) == ("Function", "$LATEST")


def _variables(stack: Stack) -> dict:
    return stack["Function"]["Environment"]["Variables"]
