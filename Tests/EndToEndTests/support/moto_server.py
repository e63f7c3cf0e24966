"""moto's S3: it keeps versions, ETags and metadata as S3 does, and checks no signature."""

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

from .processes import accepts, environment, free_port, started, wait_until
from .store import BUCKET, KEY_ID, SECRET, credentials


@dataclass(frozen=True)
class MotoServer:
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self, bucket: str = BUCKET) -> dict[str, str]:
        return {"RAMPART_BUCKET": bucket, **credentials(self.endpoint)}

    def client(self):
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY_ID,
            aws_secret_access_key=SECRET,
            config=Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}),
        )

    def head(self, location: dict) -> dict:
        """What the server keeps of an object beside its bytes."""
        place = {"Bucket": location["bucket"], "Key": location["key"]}
        return self.client().head_object(**place, ChecksumMode="ENABLED")

    def read(self, location: dict) -> bytes:
        place = {"Bucket": location["bucket"], "Key": location["key"]}
        return self.client().get_object(**place)["Body"].read()


@contextlib.contextmanager
def moto_server(folder: Path):
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", port]
    with started(command, folder / "moto.log", environment()):
        wait_until(lambda: accepts(port), 20, "moto answers")
        server = MotoServer(port)
        client = server.client()
        client.create_bucket(Bucket=BUCKET)
        versioning = {"Status": "Enabled"}
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration=versioning)
        yield server
