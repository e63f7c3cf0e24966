"""A proxy before the S3 server that checks what the server does not, and does what it would not.

Each request's body is held against its signed SHA-256 and against its checksum, and its signature is computed
anew with AWS's own Python library. What does not hold is refused, and noted in `problems`. `faults` are the
ways in which the next requests are answered; once they are used up, requests are passed on.
"""

import base64
import hashlib
import http.client
import threading
import time
from dataclasses import dataclass
from email.utils import formatdate
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from .http_pieces import Connection, Request, Server, reply
from .store import KEY_ID, SECRET, TOKEN


@dataclass(frozen=True)
class Passed:
    """A request as it came, and the number of the connection that it came over."""

    request: Request
    connection: int


class Fault:
    """A way to answer one request."""

    def __call__(self, proxy: "S3Proxy", request: Request, connection: Connection) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Says(Fault):
    """Answers with an error document."""

    status: int
    code: str
    headers: tuple[tuple[str, str], ...] = ()

    def __call__(self, proxy, request, connection):
        connection.read_body(request.length)
        document = f"<Error><Code>{self.code}</Code><Message>Not now.</Message></Error>".encode()
        connection.write(reply(self.status, {"Content-Type": "application/xml", **dict(self.headers)}, document))


class SaysThatTheClockIsWrong(Fault):
    """Refuses the time of the request, and names one that is five minutes later."""

    def __call__(self, proxy, request, connection):
        date = formatdate(time.time() + 300, usegmt=True)
        Says(403, "RequestTimeTooSkewed", (("Date", date),))(proxy, request, connection)


@dataclass(frozen=True)
class ResetsWithin(Fault):
    """Resets the connection after so much of the body."""

    most: int

    def __call__(self, proxy, request, connection):
        connection.read_body(min(self.most, request.length))
        connection.reset()


class StoresAndResets(Fault):
    """Passes the request on, and loses the answer."""

    def __call__(self, proxy, request, connection):
        proxy.pass_on(request, connection.read_body(request.length))
        connection.reset()


class StopsReading(Fault):
    """Reads a little of the body and then nothing more."""

    def __call__(self, proxy, request, connection):
        connection.read_some(1000)
        proxy.stalled.append(connection)
        proxy.over.wait(30)


class NeverAnswers(Fault):
    """Reads the whole request and then says nothing."""

    def __call__(self, proxy, request, connection):
        connection.read_body(request.length)
        proxy.over.wait(30)


@dataclass(frozen=True)
class IsSlow(Fault):
    """Reads the body at so many bytes a second, and passes it on."""

    rate: int

    def __call__(self, proxy, request, connection):
        body = b""
        while len(body) < request.length:
            piece = connection.read_some(self.rate // 20)
            if not piece:
                return
            body += piece
            time.sleep(len(piece) / self.rate)
        status, headers, answer = proxy.pass_on(request, body)
        connection.write(reply(status, headers, answer))


class S3Proxy(Server):
    def __init__(self, endpoint: str):
        super().__init__()
        self._server = urlsplit(endpoint).netloc
        self.faults: list[Fault] = []
        self.passed: list[Passed] = []
        #: The bodies that the server behind has stored.
        self.stored: list[bytes] = []
        self.problems: list[str] = []
        self.stalled: list[Connection] = []
        self.over = threading.Event()

    @property
    def endpoint(self) -> str:
        return f"http://{self.address}"

    def clear(self) -> None:
        """Forgets what was, between two tests."""
        self.faults, self.passed, self.stored, self.problems = [], [], [], []

    def sent(self, method: str = "PUT") -> list[Passed]:
        return [passed for passed in self.passed if passed.request.method == method]

    def serve(self, connection: Connection, number: int) -> None:
        while request := connection.read_head():
            # Noted before it is answered: whoever sees the answer sees the note.
            self.passed.append(Passed(request, number))
            fault = self.faults.pop(0) if self.faults else None
            if fault:
                fault(self, request, connection)
            else:
                body = connection.read_body(request.length)
                status, headers, answer = self.pass_on(request, body)
                connection.write(reply(status, headers, answer))

    def pass_on(self, request: Request, body: bytes) -> tuple[int, dict[str, str], bytes]:
        """Checks a request and returns the server's own answer to it."""
        if problem := wrong(request, body):
            self.problems.append(problem)
            return 400, {}, b"<Error><Code>BadDigest</Code></Error>"
        upstream = http.client.HTTPConnection(self._server, timeout=10)
        try:
            upstream.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
            for name, value in request.fields:
                upstream.putheader(name, value)
            upstream.endheaders(body)
            answer = upstream.getresponse()
            content = answer.read()
            if request.method == "PUT" and answer.status == 200:
                self.stored.append(body)
            dropped = ("content-length", "transfer-encoding", "connection")
            headers = {name: value for name, value in answer.getheaders() if name.lower() not in dropped}
            return answer.status, headers, content
        finally:
            upstream.close()

    def __exit__(self, *arguments):
        self.over.set()
        super().__exit__(*arguments)


def wrong(request: Request, body: bytes) -> str | None:
    """Returns what of a request does not hold."""
    headers = request.headers
    if len(body) != request.length:
        return f"{len(body)} bytes came of {request.length}"
    if "X-Amz-Signature=" in request.target:
        return None  # It is signed by the address; the server checks that.
    digest = hashlib.sha256(body)
    if headers.get("x-amz-content-sha256") != digest.hexdigest():
        return "x-amz-content-sha256 is not the body's"
    checksum = base64.b64encode(digest.digest()).decode()
    if request.method == "PUT" and headers.get("x-amz-checksum-sha256") != checksum:
        return "x-amz-checksum-sha256 is not the body's"
    if headers.get("authorization") != authorization(request):
        return f"the signature is not {authorization(request)}"
    return None


def authorization(request: Request) -> str:
    """Computes the header that the request should bear from what else it has, with botocore."""
    headers = request.headers
    claimed = headers.get("authorization", "")
    signed = claimed.partition("SignedHeaders=")[2].partition(",")[0].split(";")
    region = claimed.partition("Credential=")[2].split("/")[2] if "/" in claimed else ""
    aws = AWSRequest(request.method, f"http://{headers['host']}{request.target}")
    for name in signed:
        aws.headers[name] = headers.get(name, "")
    aws.context["timestamp"] = headers.get("x-amz-date", "")
    aws.context["signing"] = {"payload_signing_enabled": True}
    signer = S3SigV4Auth(Credentials(KEY_ID, SECRET, TOKEN), "s3", region)
    text = signer.string_to_sign(aws, signer.canonical_request(aws))
    names = signer.signed_headers(signer.headers_to_sign(aws))
    return (
        f"AWS4-HMAC-SHA256 Credential={signer.scope(aws)}, SignedHeaders={names}, "
        f"Signature={signer.signature(text, aws)}"
    )
