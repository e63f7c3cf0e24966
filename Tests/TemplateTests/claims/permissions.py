"""The function's role may do what is written here, and nothing else."""

from support.policy import Statement, statements
from support.stack import ACCOUNT, NAME, REGION, Stack

FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
INTERFACES = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]
TRACE = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
THROUGH_SERVICES = {"kms:ViaService": [f"s3.{REGION}.amazonaws.com", f"sqs.{REGION}.amazonaws.com"]}
OF_THE_FUNCTION = {"kms:EncryptionContext:aws:lambda:FunctionArn": FUNCTION}
ALLOWED = [
    Statement("Allow", ["s3:PutObject"], ["Charts.Arn/charts/*"]),
    Statement("Allow", ["s3:GetObject"], ["Charts.Arn/inputs/*"]),
    Statement("Allow", ["kms:Decrypt", "kms:GenerateDataKey"], ["Key.Arn"], {"StringEquals": THROUGH_SERVICES}),
    Statement("Allow", ["kms:Decrypt"], ["Key.Arn"], {"StringEquals": OF_THE_FUNCTION}),
    Statement("Allow", ["sqs:SendMessage"], ["Answers.Arn", "Failures.Arn"]),
    Statement("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], ["LogGroup.Arn"]),
    Statement("Allow", TRACE, ["*"]),
    Statement("Allow", INTERFACES, ["*"]),
]
DENIED = Statement("Deny", INTERFACES, ["*"], {"ArnLike": {"lambda:SourceFunctionArn": [FUNCTION, f"{FUNCTION}:*"]}})


def _of_the_role(stack: Stack) -> list[Statement]:
    """Returns all that is said of the role, wherever it stands."""
    attached = [policy["PolicyDocument"] for policy in stack["Role"].get("Policies", [])]
    for kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy", "AWS::IAM::ManagedPolicy"):
        for policy in stack.of(kind).values():
            if "Role" in policy.get("Roles", []) or policy.get("RoleName") == "Role":
                attached.append(policy["PolicyDocument"])
    return [statement for document in attached for statement in statements(document)]


def the_role_may_do_this_and_no_more(stack: Stack) -> None:
    assert stack["Function"]["Role"] == "Role.Arn"
    assert "ManagedPolicyArns" not in stack["Role"]
    said = _of_the_role(stack)
    assert [statement for statement in said if statement.effect == "Allow"] == ALLOWED


def no_action_has_a_star(stack: Stack) -> None:
    for statement in _of_the_role(stack):
        assert [action for action in statement.actions if "*" in action] == []
        assert "*" not in statement.resources or statement.actions in (TRACE, INTERFACES)


def its_code_is_denied_the_network_interfaces(stack: Stack) -> None:
    assert [statement for statement in _of_the_role(stack) if statement.effect != "Allow"] == [DENIED]


def only_lambda_takes_the_role_on(stack: Stack) -> None:
    assert statements(stack["Role"]["AssumeRolePolicyDocument"]) == [
        Statement("Allow", ["sts:AssumeRole"], [], {}, {"Service": "lambda.amazonaws.com"})
    ]


def every_role_is_bounded_where_a_boundary_is_given(stack: Stack) -> None:
    for role in stack.of("AWS::IAM::Role").values():
        assert role.get("PermissionsBoundary", "") == stack.parameters["PermissionsBoundary"]


def only_codedeploy_moves_the_alias(stack: Stack) -> None:
    role = stack["DeploymentRole"]
    assert set(role) <= {"AssumeRolePolicyDocument", "Description", "ManagedPolicyArns", "PermissionsBoundary"}
    assert statements(role["AssumeRolePolicyDocument"]) == [
        Statement("Allow", ["sts:AssumeRole"], [], {}, {"Service": "codedeploy.amazonaws.com"})
    ]
    assert role["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited"]


def nobody_outside_the_account_may_invoke(stack: Stack) -> None:
    for kind in ("AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Lambda::EventSourceMapping"):
        assert stack.of(kind) == {}
