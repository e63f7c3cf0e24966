"""Who may do what, by the policies together: the function, a backend, and credentials that a script brought along."""

import pytest
from support.access import BACKEND, ROLE, STRANGER, Call, is_allowed
from support.stack import ACCOUNT, NAME, REGION

CHART, INPUT = "Charts.Arn/charts/a.png", "Charts.Arn/inputs/a.csv"
ELSEWHERE = "arn:aws:s3:::another-bucket/charts/a.png"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
PLAIN = {"aws:SecureTransport": "false"}


def by_function(action: str, resource: str, principal: str = ROLE) -> Call:
    return Call(principal, action, resource, by_endpoint=True)


def key(action: str, **context: str) -> Call:
    return Call(ROLE, action, "Key.Arn", context={f"kms:{name}": value for name, value in context.items()})


ALLOWED = {
    "the function stores a chart": by_function("s3:PutObject", CHART),
    "the function fetches an input": by_function("s3:GetObject", INPUT),
    "a backend puts an input": Call(BACKEND, "s3:PutObject", INPUT),
    "a backend, or an address it has signed, reads a chart": Call(BACKEND, "s3:GetObject", CHART),
    "a backend invokes": Call(BACKEND, "lambda:InvokeFunction", "FunctionAliaslive"),
    "S3 encrypts for the function": key("kms:GenerateDataKey", ViaService=f"s3.{REGION}.amazonaws.com"),
    "the queue encrypts for the function": key("kms:GenerateDataKey", ViaService=f"sqs.{REGION}.amazonaws.com"),
    "Lambda attaches the function to its network": Call(ROLE, "ec2:CreateNetworkInterface", "*"),
}
REFUSED = {
    "the function reads a chart": by_function("s3:GetObject", CHART),
    "the function overwrites an input": by_function("s3:PutObject", INPUT),
    "the function deletes a chart": by_function("s3:DeleteObject", CHART),
    "the function stores beside the charts": by_function("s3:PutObject", "Charts.Arn/chart.png"),
    "the function lists": by_function("s3:ListBucket", "Charts.Arn"),
    "the function changes the bucket's policy": by_function("s3:PutBucketPolicy", "Charts.Arn"),
    "the function stores elsewhere": by_function("s3:PutObject", ELSEWHERE),
    "the function's credentials store from elsewhere": Call(ROLE, "s3:PutObject", CHART),
    "the function's credentials read from elsewhere": Call(ROLE, "s3:GetObject", INPUT),
    "a script's own credentials store elsewhere": by_function("s3:PutObject", ELSEWHERE, STRANGER),
    "a script's own credentials read elsewhere": by_function("s3:GetObject", ELSEWHERE, STRANGER),
    "a script's own credentials store a chart": by_function("s3:PutObject", CHART, STRANGER),
    "a backend without TLS": Call(BACKEND, "s3:GetObject", CHART, context=PLAIN),
    "a backend makes a chart": Call(BACKEND, "s3:PutObject", CHART),
    "a backend reads an input": Call(BACKEND, "s3:GetObject", INPUT),
    "a backend invokes past the alias": Call(BACKEND, "lambda:InvokeFunction", "Function.Arn"),
    "a backend invokes another function": Call(BACKEND, "lambda:InvokeFunction", "Another.Arn"),
    "a backend changes the function": Call(BACKEND, "lambda:UpdateFunctionCode", "Function.Arn"),
    "the function decrypts by itself": key("kms:Decrypt"),
    "another service decrypts for the function": key("kms:Decrypt", ViaService=f"ssm.{REGION}.amazonaws.com"),
    "the function reads the failed events": Call(ROLE, "sqs:ReceiveMessage", "Failures.Arn"),
    "the function reads the answers": Call(ROLE, "sqs:ReceiveMessage", "Answers.Arn"),
    "the function reads a log": Call(ROLE, "logs:GetLogEvents", "LogGroup.Arn"),
    "the function takes on another role": Call(ROLE, "sts:AssumeRole", "*"),
    "the function invokes": Call(ROLE, "lambda:InvokeFunction", "Function.Arn"),
    **{
        f"the code makes an interface, as {name}": Call(
            ROLE, "ec2:CreateNetworkInterface", "*", context={"lambda:SourceFunctionArn": name}
        )
        for name in (FUNCTION, f"{FUNCTION}:$LATEST")
    },
}


@pytest.mark.parametrize("call", ALLOWED.values(), ids=ALLOWED)
def test_it_is_allowed_that(call, stacks):
    assert [name for name, stack in stacks.items() if not is_allowed(stack, call)] == []


@pytest.mark.parametrize("call", REFUSED.values(), ids=REFUSED)
def test_it_is_refused_that(call, stacks):
    assert [name for name, stack in stacks.items() if is_allowed(stack, call)] == []


def without(document: str, number: int):
    """Takes one statement out of a policy."""
    resource, *steps = document.split("/")

    def change(stack) -> None:
        node = stack[resource]
        for step in steps:
            node = node[int(step) if isinstance(node, list) else step]
        del node["Statement"][number]

    return change


REASONS = {
    "the function's credentials store from elsewhere": without("BucketPolicy/PolicyDocument", 1),
    "a backend without TLS": without("BucketPolicy/PolicyDocument", 0),
    f"the code makes an interface, as {FUNCTION}": without("Role/Policies/0/PolicyDocument", 8),
    "a script's own credentials store a chart": (
        lambda stack: stack["S3Endpoint"]["PolicyDocument"]["Statement"][0].pop("Condition")
    ),
}


@pytest.mark.parametrize(("case", "change"), REASONS.items(), ids=REASONS)
def test_it_is_one_statement_that_refuses(case, change, stacks):
    stack = stacks["prod"].copy()
    assert not is_allowed(stack, REFUSED[case])
    change(stack)
    assert is_allowed(stack, REFUSED[case])
