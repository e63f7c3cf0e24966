"""A network and a bucket of one's own: the stack makes neither, and the function uses what it is given."""

import pytest
from support.deployments import OWN
from support.policy import Statement, statements
from support.stack import REGION, deployed, source

NETWORK = ("AWS::EC2::", "AWS::Route53Resolver::", "AWS::S3::")


@pytest.fixture(scope="module")
def own():
    return deployed(**OWN)


def test_no_network_and_no_bucket_are_made(own):
    assert [name for name, row in own.resources.items() if row["Type"].startswith(NETWORK)] == []
    assert not any(own.resources["Walls"]["Metadata"].values())


def test_the_function_is_where_it_was_told_to_be(own):
    assert own["Function"]["VpcConfig"] == {
        "SubnetIds": OWN["VpcSubnetIds"].split(","),
        "SecurityGroupIds": [OWN["VpcSecurityGroupIds"]],
    }


def test_the_function_and_backends_use_the_bucket_and_its_key(own):
    assert own["Function"]["Environment"]["Variables"]["RAMPART_BUCKET"] == "own-bucket"
    through_s3 = {"StringEquals": {"kms:ViaService": f"s3.{REGION}.amazonaws.com"}}
    key = Statement("Allow", ["kms:Decrypt", "kms:GenerateDataKey"], [OWN["ExistingBucketKmsArn"]], through_s3)
    charts, inputs = (f"arn:aws:s3:::own-bucket/{folder}/*" for folder in ("charts", "inputs"))
    role = statements(own["Role"]["Policies"][0]["PolicyDocument"])
    assert role[:2] == [
        Statement("Allow", ["s3:PutObject"], [charts]),
        Statement("Allow", ["s3:GetObject"], [inputs]),
    ]
    backend = statements(own["BackendPolicy"]["PolicyDocument"])
    assert backend[1:3] == [
        Statement("Allow", ["s3:PutObject"], [inputs]),
        Statement("Allow", ["s3:GetObject"], [charts]),
    ]
    assert key in role and key in backend


def test_an_endpoint_alone_is_refused():
    (rule,) = source()["Rules"].values()
    assert [row["AssertDescription"] for row in rule["Assertions"]] == [
        "VpcEndpointId needs VpcSubnetIds.",
        "VpcEndpointId needs VpcSecurityGroupIds.",
    ]


def test_a_network_of_ones_own_with_the_stacks_bucket_lets_its_role_in():
    stack = deployed(**{name: value for name, value in OWN.items() if not name.startswith("ExistingBucket")})
    (_, through) = statements(stack["BucketPolicy"]["PolicyDocument"])
    assert through.condition["StringNotEquals"] == {"aws:SourceVpce": OWN["VpcEndpointId"]}
