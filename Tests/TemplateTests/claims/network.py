"""Nothing but S3 can be reached: subnets, routes, the endpoint, the security group and the resolver."""

import ipaddress

from support.policy import Statement, statements
from support.stack import ACCOUNT, REGION, Stack

# Whatever carries packets out of a VPC is a resource of its own; a kind that is not here has not been thought about.
KINDS = {
    "AWS::CloudFormation::WaitConditionHandle": 1,
    "AWS::CodeDeploy::Application": 1,
    "AWS::CodeDeploy::DeploymentGroup": 1,
    "AWS::EC2::RouteTable": 1,
    "AWS::EC2::SecurityGroup": 1,
    "AWS::EC2::Subnet": 2,
    "AWS::EC2::SubnetRouteTableAssociation": 2,
    "AWS::EC2::VPC": 1,
    "AWS::EC2::VPCEndpoint": 1,
    "AWS::IAM::ManagedPolicy": 1,
    "AWS::IAM::Role": 2,
    "AWS::KMS::Key": 1,
    "AWS::Lambda::Alias": 1,
    "AWS::Lambda::EventInvokeConfig": 1,
    "AWS::Lambda::Function": 1,
    "AWS::Lambda::Version": 1,
    "AWS::Logs::LogGroup": 1,
    "AWS::Logs::MetricFilter": 3,
    "AWS::Route53Resolver::FirewallDomainList": 2,
    "AWS::Route53Resolver::FirewallRuleGroup": 1,
    "AWS::Route53Resolver::FirewallRuleGroupAssociation": 1,
    "AWS::S3::Bucket": 1,
    "AWS::S3::BucketPolicy": 1,
    "AWS::SQS::Queue": 2,
    "AWS::SQS::QueuePolicy": 1,
    "AWS::CloudWatch::Alarm": 9,
}
WALLS = {"Network": ["NameFirewall", "S3Endpoint", "SubnetARoutes", "SubnetBRoutes"], "Bucket": "BucketPolicy"}
OF_THE_ROLE = {
    "ArnEquals": {"aws:PrincipalArn": "Role.Arn"},
    "StringEquals": {"aws:PrincipalAccount": ACCOUNT, "s3:ResourceAccount": ACCOUNT},
}


def there_is_no_resource_that_nobody_thought_about(stack: Stack) -> None:
    kinds = [resource["Type"] for resource in stack.resources.values()]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS


def the_function_is_in_private_subnets_of_two_zones(stack: Stack) -> None:
    placed = stack["Function"]["VpcConfig"]
    assert set(placed) == {"SecurityGroupIds", "SubnetIds"}
    subnets = [stack[name] for name in placed["SubnetIds"]]
    assert len({subnet["AvailabilityZone"] for subnet in subnets}) == len(subnets) == 2
    asked = [stack.parameters["ZoneA"] or f"{REGION}a", stack.parameters["ZoneB"] or f"{REGION}b"]
    assert [subnet["AvailabilityZone"] for subnet in subnets] == asked
    vpc = stack["Vpc"]
    for subnet in subnets:
        # Whatever else a subnet can be told, such as a range of IPv6, would be a way out to look at.
        assert set(subnet) == {"AvailabilityZone", "CidrBlock", "MapPublicIpOnLaunch", "Tags", "VpcId"}
        assert (subnet["VpcId"], subnet["MapPublicIpOnLaunch"]) == ("Vpc", False)
        assert _range(subnet).subnet_of(_range(vpc))
    assert not _range(subnets[0]).overlaps(_range(subnets[1]))
    assert _range(vpc).is_private


def _range(network: dict) -> ipaddress.IPv4Network:
    return ipaddress.IPv4Network(network["CidrBlock"])


def names_are_resolved_within_the_vpc(stack: Stack) -> None:
    assert (stack["Vpc"]["EnableDnsSupport"], stack["Vpc"]["EnableDnsHostnames"]) == (True, True)


def no_route_leaves_but_to_s3(stack: Stack) -> None:
    # A route is a resource, and there is none; the endpoint's own is the one that its table gets.
    assert stack.of("AWS::EC2::Route") == {}
    assert stack["RouteTable"] == {"VpcId": "Vpc"}
    associations = stack.of("AWS::EC2::SubnetRouteTableAssociation").values()
    routed = {association["SubnetId"]: association["RouteTableId"] for association in associations}
    assert routed == dict.fromkeys(stack["Function"]["VpcConfig"]["SubnetIds"], "RouteTable")


def the_endpoint_takes_the_roles_two_calls_on_the_bucket(stack: Stack) -> None:
    endpoint = stack.only("AWS::EC2::VPCEndpoint")
    assert endpoint["VpcEndpointType"] == "Gateway"
    assert endpoint["ServiceName"] == f"com.amazonaws.{REGION}.s3"
    assert (endpoint["VpcId"], endpoint["RouteTableIds"]) == ("Vpc", ["RouteTable"])
    assert statements(endpoint["PolicyDocument"]) == [
        Statement("Allow", ["s3:PutObject"], ["Charts.Arn/charts/*"], OF_THE_ROLE, "*"),
        Statement("Allow", ["s3:GetObject"], ["Charts.Arn/inputs/*"], OF_THE_ROLE, "*"),
        *(_puts(stack)),
    ]


def _puts(stack: Stack) -> list[Statement]:
    """Returns what lets presigned addresses of the one bucket through that a deployment names."""
    bucket = stack.parameters["PutBucket"]
    return [Statement("Allow", ["s3:PutObject"], [f"arn:aws:s3:::{bucket}/*"], {}, "*")] if bucket else []


def the_security_group_lets_out_to_s3_alone(stack: Stack) -> None:
    assert stack["Function"]["VpcConfig"]["SecurityGroupIds"] == ["SecurityGroup"]
    group = stack.only("AWS::EC2::SecurityGroup")
    assert set(group) == {"GroupDescription", "SecurityGroupEgress", "VpcId"}
    assert group["VpcId"] == "Vpc"
    (rule,) = group["SecurityGroupEgress"]
    assert rule == {
        "Description": rule["Description"],
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "DestinationPrefixListId": stack.parameters["S3PrefixListId"],
    }


def the_resolver_answers_the_buckets_name_alone(stack: Stack) -> None:
    association = stack.only("AWS::Route53Resolver::FirewallRuleGroupAssociation")
    assert (association["VpcId"], association["FirewallRuleGroupId"]) == ("Vpc", "NameRules")
    assert 100 < association["Priority"] < 9900, "the resolver keeps the others for its owner"
    allow, block = sorted(stack["NameRules"]["FirewallRules"], key=lambda rule: rule["Priority"])
    assert allow["Priority"] < block["Priority"]
    assert allow == {
        "Priority": allow["Priority"],
        "Action": "ALLOW",
        "FirewallDomainListId": "AllowedNames",
        "FirewallDomainRedirectionAction": "TRUST_REDIRECTION_DOMAIN",
    }
    assert block == {
        "Priority": block["Priority"],
        "Action": "BLOCK",
        "BlockResponse": "NXDOMAIN",
        "FirewallDomainListId": "EveryName",
    }
    put = stack.parameters["PutBucket"]
    buckets = ["Charts", *([put] if put else [])]
    assert stack["AllowedNames"]["Domains"] == [f"{bucket}.s3.{REGION}.amazonaws.com" for bucket in buckets]
    assert stack["EveryName"]["Domains"] == ["*"]


def no_invocation_comes_before_the_walls(stack: Stack) -> None:
    assert stack.resources["Function"]["DependsOn"] in ("Walls", ["Walls"])
    # What it refers to is made before it.
    assert stack.resources["Walls"]["Metadata"] == WALLS
