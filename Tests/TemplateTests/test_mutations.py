"""A claim that nothing can break claims nothing: each is broken here, and whatever is taken away is missed."""

import copy

import pytest
from claims import CLAIMS
from support.deployments import DEPLOYMENTS
from support.stack import Stack

EVERYTHING = "every parameter"
# What a claim that does not hold may raise: what it looks for is another, or is not there.
BROKEN = (AssertionError, LookupError, TypeError, ValueError)


def add(name: str, kind: str, **properties):
    return lambda stack: stack.resources.update({name: {"Type": kind, "Properties": properties}})


def put(path: str, value):
    """Sets what `Resource.Property…` names; numbers count in lists, and - appends to one."""

    def change(stack: Stack) -> None:
        resource, *steps, last = path.split("/")
        node = stack[resource]
        for step in steps:
            node = node[int(step) if isinstance(node, list) else step]
        if last == "-":
            node.append(value)
        else:
            node[int(last) if isinstance(node, list) else last] = value

    return change


def allow(action: str, resource: str = "*") -> dict:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


ROLE = "Role/Policies/0/PolicyDocument/Statement"
ENDPOINT = "S3Endpoint/PolicyDocument/Statement"
ENCRYPTION = "Charts/BucketEncryption/ServerSideEncryptionConfiguration/0"
BUCKET = "BucketPolicy/PolicyDocument/Statement"
VARIABLES = "Function/Environment/Variables"
ANYWHERE = {"IpProtocol": "-1", "CidrIp": "0.0.0.0/0", "Description": "out"}
EXTRA_POLICY = {"PolicyDocument": {"Version": "2012-10-17", "Statement": [allow("s3:*")]}}

# What somebody might add or change, and the claim that must notice.
MUTATIONS = {
    "an internet gateway": (add("Out", "AWS::EC2::InternetGateway"), "there_is_no_resource_that_nobody_thought_about"),
    "a NAT gateway": (add("Out", "AWS::EC2::NatGateway"), "there_is_no_resource_that_nobody_thought_about"),
    "an endpoint for another service": (
        add("Out", "AWS::EC2::VPCEndpoint"),
        "there_is_no_resource_that_nobody_thought_about",
    ),
    "a route to everywhere": (
        add("Out", "AWS::EC2::Route", RouteTableId="RouteTable", DestinationCidrBlock="0.0.0.0/0", GatewayId="igw-1"),
        "no_route_leaves_but_to_s3",
    ),
    "routes of another table": (put("SubnetBRoutes/RouteTableId", "Another"), "no_route_leaves_but_to_s3"),
    "one zone": (put("SubnetB/AvailabilityZone", "eu-central-1a"), "the_function_is_in_private_subnets_of_two_zones"),
    "public addresses": (put("SubnetA/MapPublicIpOnLaunch", True), "the_function_is_in_private_subnets_of_two_zones"),
    "a range of IPv6": (
        put("SubnetA/Ipv6CidrBlock", "2001:db8::/64"),
        "the_function_is_in_private_subnets_of_two_zones",
    ),
    "IPv6 for the function": (
        put("Function/VpcConfig/Ipv6AllowedForDualStack", True),
        "the_function_is_in_private_subnets_of_two_zones",
    ),
    "no names at all": (put("Vpc/EnableDnsSupport", False), "names_are_resolved_within_the_vpc"),
    "an endpoint open to any role": (
        put(f"{ENDPOINT}/0/Condition", {}),
        "the_endpoint_takes_the_roles_two_calls_on_the_bucket",
    ),
    "an endpoint open to any bucket": (
        put(f"{ENDPOINT}/0/Resource", "*"),
        "the_endpoint_takes_the_roles_two_calls_on_the_bucket",
    ),
    "an endpoint open to listing": (
        put(f"{ENDPOINT}/-", {**allow("s3:ListBucket"), "Principal": "*"}),
        "the_endpoint_takes_the_roles_two_calls_on_the_bucket",
    ),
    "egress to everywhere": (
        put("SecurityGroup/SecurityGroupEgress/-", ANYWHERE),
        "the_security_group_lets_out_to_s3_alone",
    ),
    "egress to another port": (
        put("SecurityGroup/SecurityGroupEgress/0/ToPort", 65535),
        "the_security_group_lets_out_to_s3_alone",
    ),
    "ingress": (put("SecurityGroup/SecurityGroupIngress", [ANYWHERE]), "the_security_group_lets_out_to_s3_alone"),
    "a second security group": (
        put("Function/VpcConfig/SecurityGroupIds/-", "sg-1"),
        "the_security_group_lets_out_to_s3_alone",
    ),
    "any name of a provider": (
        put("AllowedNames/Domains/-", "*.example.com"),
        "the_resolver_answers_the_buckets_name_alone",
    ),
    "redirections that are looked at": (
        put("NameRules/FirewallRules/0/FirewallDomainRedirectionAction", "INSPECT_REDIRECTION_DOMAIN"),
        "the_resolver_answers_the_buckets_name_alone",
    ),
    "names that only raise an alert": (
        put("NameRules/FirewallRules/1/Action", "ALERT"),
        "the_resolver_answers_the_buckets_name_alone",
    ),
    "names blocked before they are allowed": (
        put("NameRules/FirewallRules/1/Priority", 50),
        "the_resolver_answers_the_buckets_name_alone",
    ),
    "a firewall for another network": (
        put("NameFirewall/VpcId", "Another"),
        "the_resolver_answers_the_buckets_name_alone",
    ),
    "a function before its firewall": (
        lambda stack: stack.resources["Walls"]["Metadata"]["Network"].remove("NameFirewall"),
        "no_invocation_comes_before_the_walls",
    ),
    "a right to list": (put(f"{ROLE}/-", allow("s3:ListBucket", "Charts.Arn")), "the_role_may_do_this_and_no_more"),
    "a policy beside the role": (
        add("More", "AWS::IAM::Policy", Roles=["Role"], **EXTRA_POLICY),
        "the_role_may_do_this_and_no_more",
    ),
    "a policy of the role's own kind": (
        add("More", "AWS::IAM::RolePolicy", RoleName="Role", **EXTRA_POLICY),
        "the_role_may_do_this_and_no_more",
    ),
    "a managed policy": (
        put("Role/ManagedPolicyArns", ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]),
        "the_role_may_do_this_and_no_more",
    ),
    "a role of somebody else's": (
        put("Function/Role", "arn:aws:iam::1:role/admin"),
        "the_role_may_do_this_and_no_more",
    ),
    "all but one action": (
        put(f"{ROLE}/-", {"Effect": "Allow", "NotAction": "iam:PassRole", "Resource": "*"}),
        "the_role_may_do_this_and_no_more",
    ),
    "every action on the bucket": (put(f"{ROLE}/0/Action", "s3:*"), "no_action_has_a_star"),
    "every object of every bucket": (put(f"{ROLE}/0/Resource", "*"), "no_action_has_a_star"),
    "interfaces for its code": (put(f"{ROLE}/8/Effect", "Allow"), "its_code_is_denied_the_network_interfaces"),
    "one interface action for its code": (
        put(f"{ROLE}/8/Action", ["ec2:CreateNetworkInterface"]),
        "its_code_is_denied_the_network_interfaces",
    ),
    "a role that anybody takes on": (
        put("Role/AssumeRolePolicyDocument/Statement/0/Principal", {"AWS": "*"}),
        "only_lambda_takes_the_role_on",
    ),
    "no boundary": (put("Role/PermissionsBoundary", ""), "every_role_is_bounded_where_a_boundary_is_given"),
    "an open address": (
        add("Url", "AWS::Lambda::Url", AuthType="NONE"),
        "nobody_outside_the_account_may_invoke",
    ),
    "a permission for everybody": (
        add("Permission", "AWS::Lambda::Permission", Principal="*"),
        "nobody_outside_the_account_may_invoke",
    ),
    "a public bucket": (
        put("Charts/PublicAccessBlockConfiguration/BlockPublicPolicy", False),
        "the_bucket_is_closed_to_the_public",
    ),
    "objects of other owners": (
        put("Charts/OwnershipControls/Rules/0/ObjectOwnership", "ObjectWriter"),
        "the_bucket_is_closed_to_the_public",
    ),
    "another encryption": (
        put(f"{ENCRYPTION}/ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"}),
        "the_bucket_is_encrypted",
    ),
    "charts for ever": (put("Charts/LifecycleConfiguration/Rules/0/Status", "Disabled"), "the_bucket_forgets"),
    "charts of one prefix forgotten": (
        put("Charts/LifecycleConfiguration/Rules/0/Prefix", "charts/"),
        "the_bucket_forgets",
    ),
    "plain HTTP": (
        lambda stack: stack["BucketPolicy"]["PolicyDocument"]["Statement"].pop(0),
        "the_bucket_takes_tls_alone_and_the_role_through_the_endpoint_alone",
    ),
    "the role from anywhere": (
        lambda stack: stack["BucketPolicy"]["PolicyDocument"]["Statement"].pop(1),
        "the_bucket_takes_tls_alone_and_the_role_through_the_endpoint_alone",
    ),
    "everybody through the endpoint alone": (
        put(f"{BUCKET}/1/Condition", {"StringNotEquals": {"aws:SourceVpce": "S3Endpoint"}}),
        "the_bucket_takes_tls_alone_and_the_role_through_the_endpoint_alone",
    ),
    "pages of everybody": (
        put("Charts/CorsConfiguration/CorsRules/0/AllowedOrigins", ["*"]),
        "the_bucket_answers_the_pages_that_are_named",
    ),
    "a bucket deleted with its stack": (
        lambda stack: stack.resources["Charts"].update(DeletionPolicy="Delete"),
        "what_was_kept_outlives_the_stack",
    ),
    "code in the queue for two weeks": (
        put("Failures/MessageRetentionPeriod", 1209600),
        "failed_events_are_encrypted_and_short_lived",
    ),
    "logs for ever": (
        lambda stack: stack["LogGroup"].pop("RetentionInDays"),
        "logs_are_encrypted_and_kept_for_a_time",
    ),
    "a key for every account": (
        put("Key/KeyPolicy/Statement/0/Principal", {"AWS": "*"}),
        "the_key_is_the_accounts_and_the_log_groups",
    ),
    "another architecture": (put("Function/Architectures", ["x86_64"]), "it_is_an_image_for_one_architecture"),
    "another name": (put("Function/FunctionName", "other"), "it_is_an_image_for_one_architecture"),
    "a timeout that Lambda does not know": (put("Function/Timeout", 901), "it_has_bounds"),
    "no bound of concurrency": (
        lambda stack: stack["Function"].pop("ReservedConcurrentExecutions"),
        "it_has_bounds",
    ),
    "loops": (put("Function/RecursiveLoop", "Allow"), "it_has_bounds"),
    "logs as text": (put("Function/LoggingConfig/LogFormat", "Text"), "it_logs_json_to_its_own_group_and_traces"),
    "no traces": (put("Function/TracingConfig/Mode", "PassThrough"), "it_logs_json_to_its_own_group_and_traces"),
    "settings under Lambda's key": (lambda stack: stack["Function"].pop("KmsKeyArn"), "its_settings_are_encrypted"),
    "tenants together": (
        lambda stack: stack["Function"].pop("TenancyConfig"),
        "its_tenants_are_parted_where_that_is_asked_for",
    ),
    "a setting that is none": (put(f"{VARIABLES}/RAMPART_WALL", "25"), "its_settings_are_rampart_s"),
    "scripts in the log": (put(f"{VARIABLES}/RAMPART_LOG_SCRIPTS", "on"), "its_settings_are_rampart_s"),
    "addresses of the callers'": (put(f"{VARIABLES}/RAMPART_PUT_HOSTS", "*.example.com"), "its_settings_are_rampart_s"),
    "a run as long as the function": (put(f"{VARIABLES}/RAMPART_WALL_SECONDS", "300"), "a_run_fits_into_the_function"),
    "a run as large as the function": (put("Function/MemorySize", 2048), "a_run_fits_into_the_function"),
    "a key in the template": (
        put(f"{VARIABLES}/RAMPART_SIGNING_KEY", "hunter2"),
        "its_signing_key_comes_from_secrets_manager",
    ),
    "a version that no alarm takes back": (
        put("FunctionDeploymentGroup/AlarmConfiguration/Enabled", False),
        "an_alarm_takes_a_new_version_back",
    ),
    "a version that hides a new key": (
        lambda stack: stack.only("AWS::Lambda::Version").update(Description="1"),
        "a_version_is_told_from_another_by_what_it_was_given",
    ),
    "an alias that anybody moves": (
        put("DeploymentRole/AssumeRolePolicyDocument/Statement/0/Principal", "*"),
        "only_codedeploy_moves_the_alias",
    ),
    "two retries": (
        put("FunctionEventInvokeConfig/MaximumRetryAttempts", 2),
        "failed_events_are_tried_again_once_at_most_and_then_kept",
    ),
    "an alarm less": (
        lambda stack: stack.resources.pop("TaintedAlarm"),
        "there_is_an_alarm_for_each_thing_that_goes_wrong",
    ),
    "an alarm at the timeout": (put("SlowAlarm/Threshold", 100), "what_is_near_the_timeout_is_nine_tenths_of_it"),
    "an alarm that tells nobody": (
        lambda stack: stack["TaintedAlarm"].pop("AlarmActions"),
        "alarms_go_to_the_topic_where_there_is_one",
    ),
    "an alarm that is switched off": (
        put("TaintedAlarm/ActionsEnabled", False),
        "alarms_go_to_the_topic_where_there_is_one",
    ),
    "a pattern that nothing matches": (
        put("TaintedLines/FilterPattern", '{ $.ErrorType = "Runtime.Taint" }'),
        "the_log_is_counted",
    ),
    "a backend that may all": (
        put("BackendPolicy/PolicyDocument/Statement/0/Action", "lambda:*"),
        "a_backend_may_invoke_put_inputs_and_read_charts",
    ),
}


def named(name: str):
    return next(claim for claim in CLAIMS if claim.__name__ == name)


@pytest.mark.parametrize(("mutate", "claim"), MUTATIONS.values(), ids=MUTATIONS)
def test_it_is_noticed(mutate, claim, stacks):
    stack = stacks[EVERYTHING].copy()
    named(claim)(stack)
    mutate(stack)
    with pytest.raises(BROKEN):
        named(claim)(stack)


def test_every_claim_can_be_broken():
    broken = {claim for _, claim in MUTATIONS.values()}
    assert {claim.__name__ for claim in CLAIMS} == broken


# Words for people, which no claim is about.
WORDS = {"AlarmDescription", "Description", "Name", "PolicyName", "Sid", "Tags"}


def places(node, path=()):
    """Returns the path of every member and element below a node."""
    found = []
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        if key not in WORDS:
            found += [(*path, key), *places(child, (*path, key))]
    return found


def notices(stack: Stack) -> bool:
    for claim in CLAIMS:
        try:
            claim(stack)
        except BROKEN:
            return True
    return False


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_nothing_can_be_taken_away_unnoticed(deployment, stacks):
    whole, unnoticed = stacks[deployment], []
    for name, resource in whole.resources.items():
        for *steps, last in places(resource["Properties"]):
            stack = Stack({**whole.resources, name: copy.deepcopy(resource)}, whole.parameters)
            node = stack[name]
            for step in steps:
                node = node[step]
            del node[last]
            if not notices(stack):
                unnoticed.append("/".join(map(str, (name, *steps, last))))
    assert unnoticed == []


def test_the_stacks_are_left_as_they_were(stacks):
    assert not any(notices(stack) for stack in stacks.values())
