"""Rampart as a Lambda function: AWS's own emulator around the real binary, and an SDK's client."""

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

import boto3
import requests
from botocore.config import Config

from .envelope import check
from .paths import BINARY, TOOLS
from .processes import accepts, environment, free_port, started, wait_until

HEALTHY = {"code": "6 * 7", "store": {"inline": True}}


@dataclass(frozen=True)
class Function:
    """Takes one call at a time, for two at once end the emulator."""

    port: int
    pid: int
    log: Path

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def invoke(self, event: dict | bytes) -> dict:
        """Returns the checked envelope that an AWS SDK gets for an event."""
        return check(invoke(lambda_client(self.endpoint), event))

    def run(self, code: str, **fields) -> dict:
        """Invokes with R code; artifacts come back in the envelope unless the test says otherwise."""
        return self.invoke({"code": code, "store": {"inline": True}, **fields})

    def post(self, event: dict) -> requests.Response:
        """Invokes without an SDK, which hides what a failed start says."""
        path = "/2015-03-31/functions/function/invocations"
        return requests.post(self.endpoint + path, json=event, timeout=60)

    def expect_healthy(self) -> None:
        envelope = self.invoke(HEALTHY)
        assert (envelope["status"], envelope["stdout"]["text"]) == ("completed", "[1] 42\n")


def lambda_client(endpoint: str):
    return boto3.client(
        "lambda",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="caller",
        aws_secret_access_key="caller",
        config=Config(retries={"max_attempts": 0}, connect_timeout=5, read_timeout=60),
    )


def invoke(client, event: dict | bytes) -> dict:
    payload = event if isinstance(event, bytes) else json.dumps(event).encode()
    answer = client.invoke(FunctionName="function", Payload=payload)
    assert answer["StatusCode"] == 200
    return json.loads(answer["Payload"].read())


@contextlib.contextmanager
def function(folder: Path, *, timeout: int = 40, **settings: str):
    """Deploys the binary with settings; RAMPART_WARMUP is off, where a test does not say, to start fast."""
    folder.mkdir(parents=True, exist_ok=True)
    port, api_port = free_port(), free_port()
    log = folder / "function.log"
    command = [
        TOOLS / "aws-lambda-rie",
        "--log-level",
        "error",
        "--runtime-interface-emulator-address",
        f"127.0.0.1:{port}",
        "--runtime-api-address",
        f"127.0.0.1:{api_port}",
        BINARY,
    ]
    platform = {
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(timeout),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "2048",
        "RAMPART_WARMUP": "off",
    }
    with started(command, log, environment(**{**platform, **settings})) as emulator:
        wait_until(lambda: accepts(port), 10, "the emulator answers")
        try:
            yield Function(port, emulator.pid, log)
        except BaseException:
            print(log.read_text(errors="replace")[-4000:])
            raise
