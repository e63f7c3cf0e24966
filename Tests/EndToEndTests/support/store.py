"""A real S3 API server over a folder; it checks signatures."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from .paths import TOOLS
from .processes import accepts, environment, free_port, started, wait_until

KEY_ID = "AKIDEXAMPLE"
SECRET = "an-example-that-opens-nothing"
TOKEN = "an-example-session-token"
BUCKET = "rampart-charts"


@dataclass(frozen=True)
class S3Server:
    """`rclone serve s3`: a bucket is a folder, and an object's bytes are a file's."""

    folder: Path
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, bucket: str = BUCKET, secret: str = SECRET) -> dict[str, str]:
        return {"RAMPART_BUCKET": bucket, **credentials(self.endpoint, secret)}

    def read(self, location: dict) -> bytes:
        """Returns the bytes that lie where an envelope says an artifact is."""
        return (self.folder / location["bucket"] / location["key"]).read_bytes()

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
        )


def credentials(endpoint: str, secret: str = SECRET) -> dict[str, str]:
    return {
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": KEY_ID,
        "AWS_SECRET_ACCESS_KEY": secret,
        "AWS_SESSION_TOKEN": TOKEN,
        "AWS_ENDPOINT_URL_S3": endpoint,
    }


@contextlib.contextmanager
def s3_server(folder: Path, port: int | None = None):
    port = port or free_port()
    buckets = folder / "buckets"
    (buckets / BUCKET).mkdir(parents=True, exist_ok=True)
    command = [
        TOOLS / "rclone",
        "serve",
        "s3",
        "--config",
        "/dev/null",
        "--addr",
        f"127.0.0.1:{port}",
        "--auth-key",
        f"{KEY_ID},{SECRET}",
        buckets,
    ]
    with started(command, folder / "s3.log", environment()):
        wait_until(lambda: accepts(port), 15, "the S3 server answers")
        yield S3Server(buckets, port)
