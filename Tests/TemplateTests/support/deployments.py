"""The stacks that claims are held against: the least that is asked for, both of samconfig.toml, and every parameter."""

import tomllib

from support.stack import ACCOUNT, IMAGE, REGION, ROOT, SECRET

SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))


def overrides(stage: str) -> dict[str, str]:
    """Returns the parameters of `sam deploy --config-env STAGE`."""
    rows = SAMCONFIG[stage]["global"]["parameters"]["parameter_overrides"]
    return dict(row.split("=", 1) for row in rows)


DEPLOYMENTS = {
    "least": {"S3PrefixListId": "pl-0123abcd"},
    "dev": overrides("dev"),
    "prod": overrides("prod"),
    "every parameter": {
        "S3PrefixListId": "pl-0123abcd",
        "ZoneA": f"{REGION}b",
        "ZoneB": f"{REGION}c",
        "ImageUri": IMAGE,
        "TimeoutSeconds": "300",
        "WallSeconds": "240",
        "Preload": "ggplot2,data.table",
        "DeploymentType": "Canary10Percent5Minutes",
        "Release": "v1.2.3",
        "PutBucket": "callers-bucket",
        "CorsOrigins": "https://example.com,https://example.org",
        "UnfinishedRuns": "1",
        "Architecture": "arm64",
        "MemorySize": "3008",
        "RunMemoryMB": "2048",
        "EphemeralStorageMB": "1024",
        "ReservedConcurrency": "7",
        "AsyncRetries": "1",
        "TenantIsolation": "PER_TENANT",
        "SelfTest": "on",
        "SigningKeySecret": SECRET,
        "SigningKeyVersion": "b2c5b0f4-0000-4000-8000-000000000001",
        "ChartDays": "3",
        "LogDays": "14",
        "ApplicationLogLevel": "WARN",
        "SystemLogLevel": "DEBUG",
        "AlarmTopic": f"arn:aws:sns:{REGION}:{ACCOUNT}:alarms",
        "PermissionsBoundary": f"arn:aws:iam::{ACCOUNT}:policy/boundary",
    },
}

#: A network and a bucket of one's own, in place of those that the stack makes.
OWN = {
    "S3PrefixListId": "pl-0123abcd",
    "VpcSubnetIds": "subnet-0123456789abcdef0,subnet-0123456789abcdef1",
    "VpcSecurityGroupIds": "sg-0123456789abcdef0",
    "VpcEndpointId": "vpce-0123456789abcdef0",
    "ExistingBucket": "own-bucket",
    "ExistingBucketKmsArn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/own",
}
