"""The Runtime API's calls, for every server here that plays it: what they are named, and what an event comes with."""

import json
import re
import time
from dataclasses import dataclass

from .http_pieces import Connection, Request, Server

ARN = "arn:aws:lambda:eu-central-1:123456789012:function:charts"


@dataclass(frozen=True)
class Call:
    request: Request
    body: bytes
    connection: int

    @property
    def name(self) -> str:
        """`next`, `response 1`, `error 1`, `init/error`, `register` or `wait`."""
        path = self.request.target
        if found := re.fullmatch(r"/2018-06-01/runtime/invocation/(.+)/(response|error)", path):
            return f"{found[2]} {found[1]}"
        return NAMES.get(f"{self.request.method} {path}", path)

    @property
    def json(self):
        return json.loads(self.body)


NAMES = {
    "GET /2018-06-01/runtime/invocation/next": "next",
    "POST /2018-06-01/runtime/init/error": "init/error",
    "POST /2020-01-01/extension/register": "register",
    "GET /2020-01-01/extension/event/next": "wait",
}


def event_headers(request_id: str, seconds: float | None) -> dict[str, str]:
    """Returns an event's headers; without `seconds` it has no deadline."""
    headers = {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Invoked-Function-Arn": ARN,
    }
    if seconds is not None:
        headers["Lambda-Runtime-Deadline-Ms"] = str(int((time.time() + seconds) * 1000))
    return headers


class RuntimeServer(Server):
    """Reads calls of the Runtime API, one after the other over each connection."""

    def serve(self, connection: Connection, number: int) -> None:
        while request := connection.read_head():
            self.take(Call(request, connection.read_body(request.length), number), connection)
            if request.is_last:
                return connection.hang_up()
        return None

    def take(self, call: Call, connection: Connection) -> None:
        """Answers one call, or does not."""
        raise NotImplementedError
