"""What those who invoke are given."""

from support.policy import Statement, statements
from support.stack import NAME, REGION, Stack


def a_backend_may_invoke_put_inputs_and_read_charts(stack: Stack) -> None:
    policy = stack.only("AWS::IAM::ManagedPolicy")
    assert policy["ManagedPolicyName"] == f"{NAME}-backend-{REGION}"
    assert not {"Roles", "Users", "Groups"} & set(policy), "it is attached by whoever owns the backend"
    secret = stack.parameters["SigningKeySecret"]
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    assert statements(policy["PolicyDocument"]) == [
        Statement("Allow", ["lambda:InvokeFunction"], ["FunctionAliaslive"]),
        Statement("Allow", ["s3:PutObject"], ["Charts.Arn/inputs/*"]),
        Statement("Allow", ["s3:GetObject"], ["Charts.Arn/charts/*"]),
        Statement("Allow", ["kms:Decrypt", "kms:GenerateDataKey"], ["Key.Arn"], through_s3),
        *([Statement("Allow", ["secretsmanager:GetSecretValue"], [secret])] if secret else []),
    ]
