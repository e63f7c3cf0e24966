"""Lambda's Invoke as a caller meets it, with what the emulator leaves out: request ids, function errors, throttling."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

import requests

from .http_pieces import Connection, Server, reply

ID = "8476a536-e9f4-11e8-9739-2dfe598c3fcd"


@dataclass(frozen=True)
class Answer:
    """One answer of the service's."""

    body: bytes
    headers: dict[str, str]
    status: int = 200


@dataclass(frozen=True)
class Call:
    """One call that was made."""

    target: str
    headers: dict[str, str]
    event: dict


Reply = Answer | Callable[[bytes], Answer]


class LambdaService(Server):
    """Gives the answers in their order; a function is given the event. The last answer goes on for ever."""

    def __init__(self, *answers: Reply):
        super().__init__()
        self._answers = list(answers)
        self.calls: list[Call] = []

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    def serve(self, connection: Connection, number: int) -> None:
        while request := connection.read_head():
            if request.headers.get("expect", "").lower() == "100-continue":
                connection.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            event = connection.read_body(request.length)
            self.calls.append(Call(request.target, request.headers, json.loads(event)))
            answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
            answer = answer if isinstance(answer, Answer) else answer(event)
            connection.write(reply(answer.status, {"Content-Type": "application/json", **answer.headers}, answer.body))


def says(document: dict | bytes, request_id: str = ID) -> Answer:
    """An answer of the function's own."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return Answer(body, {"x-amzn-RequestId": request_id})


def fails(kind: str) -> Answer:
    """A function error: the payload that Lambda makes, or that the runtime posted."""
    body = json.dumps({"errorType": kind, "errorMessage": "could not go on"}).encode()
    return Answer(body, {"x-amzn-RequestId": ID, "X-Amz-Function-Error": "Unhandled"})


def refuses(status: int, kind: str) -> Answer:
    """The service's own refusal; the SDK raises it."""
    return Answer(json.dumps({"Message": "no"}).encode(), {"x-amzn-ErrorType": kind}, status)


def passes_on(endpoint: str, *, changed: Callable[[bytes], bytes] = bytes) -> Reply:
    """Asks a runtime behind the emulator, and names the request that its envelope names."""

    def answer(event: bytes) -> Answer:
        payload = requests.post(f"{endpoint}/2015-03-31/functions/function/invocations", data=event, timeout=60).content
        return says(changed(payload), re.search(rb'"requestId":"([^"]+)"', payload)[1].decode())

    return answer
