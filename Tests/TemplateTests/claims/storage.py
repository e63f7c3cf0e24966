"""What is kept is private, encrypted and for a time: the bucket, the queue, the log group and their key."""

from support.policy import Statement, statements
from support.stack import ACCOUNT, NAME, REGION, Stack

ALL_OF_THE_BUCKET = ["Charts.Arn", "Charts.Arn/*"]
WITHOUT_TLS = {"Bool": {"aws:SecureTransport": "false"}}
LOG_KEY_ACTIONS = [
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
]
DAY = 24 * 60 * 60


def the_bucket_is_closed_to_the_public(stack: Stack) -> None:
    assert stack["Charts"]["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert stack["Charts"]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


def the_bucket_is_encrypted(stack: Stack) -> None:
    (rule,) = stack["Charts"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {
        "BucketKeyEnabled": True,
        "ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "Key.Arn"},
    }


def the_bucket_forgets(stack: Stack) -> None:
    assert stack["Charts"]["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = stack["Charts"]["LifecycleConfiguration"]["Rules"]
    # A rule with a filter or a prefix would leave the rest.
    assert rule == {
        "Id": "expire",
        "Status": "Enabled",
        "ExpirationInDays": rule["ExpirationInDays"],
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    assert int(rule["ExpirationInDays"]) == int(stack.parameters["ChartDays"])


def the_bucket_answers_the_pages_that_are_named(stack: Stack) -> None:
    origins = stack.parameters["CorsOrigins"]
    rule = {
        "AllowedMethods": ["GET", "HEAD"],
        "AllowedOrigins": origins.split(","),
        "AllowedHeaders": ["*"],
        "MaxAge": 3600,
    }
    assert stack["Charts"].get("CorsConfiguration") == ({"CorsRules": [rule]} if origins else None)


def the_bucket_takes_tls_alone_and_the_role_through_the_endpoint_alone(stack: Stack) -> None:
    policy = stack.only("AWS::S3::BucketPolicy")
    assert policy["Bucket"] == "Charts"
    elsewhere = {
        "ArnEquals": {"aws:PrincipalArn": "Role.Arn"},
        "StringNotEquals": {"aws:SourceVpce": "S3Endpoint"},
    }
    assert statements(policy["PolicyDocument"]) == [
        Statement("Deny", ["s3:*"], ALL_OF_THE_BUCKET, WITHOUT_TLS, "*"),
        Statement("Deny", ["s3:*"], ALL_OF_THE_BUCKET, elsewhere, "*"),
    ]


def what_was_kept_outlives_the_stack(stack: Stack) -> None:
    for name in ("Charts", "Key"):
        assert stack.resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"
        assert stack.resources[name]["UpdateReplacePolicy"] == "Retain"


def failed_events_are_encrypted_and_short_lived(stack: Stack) -> None:
    for queue in stack.of("AWS::SQS::Queue").values():
        assert queue["KmsMasterKeyId"] == "Key.Arn"
        assert queue["MessageRetentionPeriod"] <= DAY
    policy = stack.only("AWS::SQS::QueuePolicy")
    assert policy["Queues"] == ["Failures", "Answers"]
    assert statements(policy["PolicyDocument"]) == [
        Statement("Deny", ["sqs:*"], ["Answers.Arn", "Failures.Arn"], WITHOUT_TLS, "*")
    ]


def logs_are_encrypted_and_kept_for_a_time(stack: Stack) -> None:
    group = stack.only("AWS::Logs::LogGroup")
    assert group["KmsKeyId"] == "Key.Arn"
    assert group["LogGroupName"] == f"/aws/lambda/{NAME}"
    assert int(group["RetentionInDays"]) == int(stack.parameters["LogDays"])


def the_key_is_the_accounts_and_the_log_groups(stack: Stack) -> None:
    key = stack.only("AWS::KMS::Key")
    assert key["EnableKeyRotation"] is True
    group = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/{NAME}"
    assert statements(key["KeyPolicy"]) == [
        Statement("Allow", ["kms:*"], ["*"], {}, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}),
        Statement(
            "Allow",
            LOG_KEY_ACTIONS,
            ["*"],
            {"ArnEquals": {"kms:EncryptionContext:aws:logs:arn": group}},
            {"Service": f"logs.{REGION}.amazonaws.com"},
        ),
    ]
