"""A Lambda Runtime API that behaves well, badly, or not at all, and notes every call in order.

`nexts` says how each call of `next` is answered, `posts` how each post is; once the first list is used up a
call of `next` hangs, as it does while there is nothing to do, and once the second is a post is accepted.
"""

import contextlib
import json
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from .http_pieces import Connection, reply
from .paths import BINARY
from .processes import environment, started, wait_until
from .runtime_calls import Call, RuntimeServer, event_headers

NOTHING = {"code": "invisible(1)", "store": {"inline": True}}


@dataclass(frozen=True)
class Hands:
    """Hands an event over as the platform does."""

    event: dict | bytes = field(default_factory=lambda: NOTHING)
    id: str = "1"
    #: Until the deadline; None: no deadline is sent.
    seconds: float | None = 30
    #: Further headers; None takes one out.
    headers: dict[str, str | None] = field(default_factory=dict)

    def __call__(self, connection: Connection) -> None:
        connection.write(self.reply)

    @property
    def body(self) -> bytes:
        return self.event if isinstance(self.event, bytes) else json.dumps(self.event).encode()

    @property
    def all_headers(self) -> dict[str, str]:
        headers = event_headers(self.id, self.seconds) | self.headers
        return {name: value for name, value in headers.items() if value is not None}

    @property
    def reply(self) -> bytes:
        return reply(200, self.all_headers, self.body)


@dataclass(frozen=True)
class HandsLate(Hands):
    """Lets the caller wait first."""

    def __call__(self, connection: Connection) -> None:
        time.sleep(1.5)
        super().__call__(connection)


@dataclass(frozen=True)
class HandsSlowly(Hands):
    """Writes a few bytes at a time."""

    def __call__(self, connection: Connection) -> None:
        whole = self.reply
        size = len(whole) // 10
        for start in range(0, len(whole), size):
            connection.write(whole[start : start + size])
            time.sleep(0.05)


@dataclass(frozen=True)
class HandsInChunks(Hands):
    """Sends the body chunked, and each byte of all by itself."""

    def __call__(self, connection: Connection) -> None:
        headers = {**self.all_headers, "Transfer-Encoding": "chunked"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = self.body
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:]))
        for byte in f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + chunks + b"0\r\n\r\n":
            connection.write(bytes([byte]))


@dataclass(frozen=True)
class HandsHalf(Hands):
    """Breaks off within the event."""

    def __call__(self, connection: Connection) -> None:
        connection.write(self.reply[:-5])
        connection.reset()


@dataclass(frozen=True)
class HandsWhen(Hands):
    """Waits for a go-ahead of the test's; then the deadline counts."""

    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, connection: Connection) -> None:
        assert self.go.wait(30), "no go-ahead"
        super().__call__(connection)


@dataclass(frozen=True)
class HangsUpWhen:
    """Waits for a go-ahead of the test's, and ends the connection."""

    go: threading.Event = field(default_factory=threading.Event)

    def __call__(self, connection: Connection) -> None:
        assert self.go.wait(30), "no go-ahead"
        connection.hang_up()


class Resets:
    """Resets the connection without a word."""

    def __call__(self, connection: Connection) -> None:
        connection.reset()


@dataclass(frozen=True)
class Answers:
    """Answers with a status, and the platform's form of an error where it is one."""

    status: int
    error_type: str = ""

    def __call__(self, connection: Connection) -> None:
        accepted = {"status": "OK"}
        refusal = {"errorMessage": "no", "errorType": self.error_type}
        body = json.dumps(refusal if self.error_type else accepted).encode()
        connection.write(reply(self.status, {"Content-Type": "application/json"}, body))


class Parks:
    """Never answers."""

    def __call__(self, connection: Connection) -> None:
        connection.wait_for_the_end()


ACCEPTS = Answers(202)


class RuntimeAPI(RuntimeServer):
    def __init__(self, *nexts, posts=(), register=None):
        super().__init__()
        self._nexts = list(nexts)
        self._posts = list(posts)
        self._register = register
        self.calls: list[Call] = []
        self._changed = threading.Condition()

    @property
    def names(self) -> list[str]:
        return [call.name for call in self.calls]

    def wait_for(self, *names: str, seconds: float = 30) -> list[Call]:
        """Returns the calls once there are as many; they must be these, in this order, and no other."""
        with self._changed:
            self._changed.wait_for(lambda: len(self.calls) >= len(names), seconds)
            assert self.names == list(names)
            return list(self.calls)

    def find(self, name: str) -> Call:
        (found,) = [call for call in self.calls if call.name == name]
        return found

    def take(self, call: Call, connection: Connection) -> None:
        with self._changed:
            self.calls.append(call)
            behaviour = self._behaviour(call)
            self._changed.notify_all()
        behaviour(connection)

    def _behaviour(self, call: Call):
        if call.name == "next":
            return self._nexts.pop(0) if self._nexts else Parks()
        if call.name == "register":
            return self._register or identifies
        if call.name == "wait":
            return Parks()
        return self._posts.pop(0) if self._posts else ACCEPTS


def identifies(connection: Connection) -> None:
    """Registers an extension."""
    connection.write(reply(200, {"Lambda-Extension-Identifier": "an-extension"}, b"{}"))


@dataclass(frozen=True)
class Runtime:
    """`rampart lambda`, and what it wrote to its log."""

    process: subprocess.Popen
    log: Path
    #: The folder in its /tmp's place.
    scratch: Path

    @property
    def lines(self) -> list[str]:
        return self.log.read_text().splitlines()

    @property
    def records(self) -> list[dict]:
        """The metric records among the lines."""
        objects = (json.loads(line) for line in self.lines if line.startswith("{"))
        return [record for record in objects if "_aws" in record]

    def exit_status(self, seconds: float = 20) -> int:
        return self.process.wait(timeout=seconds)


@contextlib.contextmanager
def runtime(api: RuntimeAPI, folder: Path, *, parent: Path | str = "/tmp", **settings: str):
    """Runs the binary against a Runtime API; R starts without packages unless the test wants some."""
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "runtime.log"
    with tempfile.TemporaryDirectory(dir=parent) as scratch:
        # A run may be another user, who passes through.
        Path(scratch).chmod(0o711)
        quick = {"RAMPART_WARMUP": "off", "RAMPART_PRELOAD": "", "TMPDIR": scratch}
        env = environment(**{"AWS_LAMBDA_RUNTIME_API": api.address, **quick, **settings})
        try:
            with started([BINARY, "lambda"], log, env) as process:
                yield Runtime(process, log, Path(scratch))
            assert list(Path(scratch).iterdir()) == [], "the scratch folder is left"
        except BaseException:
            print(log.read_text(errors="replace")[-4000:])
            raise


def wait_for_records(runtime: Runtime, count: int) -> list[dict]:
    wait_until(lambda: len(runtime.records) >= count, 10, f"{count} metric records")
    return runtime.records
