"""A Runtime API as the open emulator's: GET next tells a running invocation again, to whoever asks."""

import contextlib
import json
import queue
import select
import threading
import time
import uuid
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT = 9001


@dataclass(frozen=True)
class Answer:
    """What was posted: a response or an error. `exit` and `silence` are what a world saw instead."""

    kind: str
    body: bytes = b""

    @property
    def envelope(self) -> dict:
        return json.loads(self.body)


class RuntimeAPI:
    """One invocation at a time; the first answer to it counts, and a second one is refused."""

    def __init__(self):
        self.refused = 0
        self._pending = queue.Queue()
        self._answers = queue.Queue()
        self._current = None
        self._server = ThreadingHTTPServer(("127.0.0.1", PORT), handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def begin(self, event: dict) -> None:
        self.abandon()
        self._pending.put((str(uuid.uuid4()), json.dumps(event).encode()))

    def pretend(self) -> None:
        """Has an invocation under way that no runtime has taken."""
        self._current = (str(uuid.uuid4()), b"{}")

    def abandon(self) -> None:
        """Forgets what has not been answered."""
        self._current = None
        for waiting in (self._pending, self._answers):
            with contextlib.suppress(queue.Empty):
                while True:
                    waiting.get_nowait()

    def answer(self, seconds: float) -> Answer | None:
        with contextlib.suppress(queue.Empty):
            return self._answers.get(timeout=seconds)
        return None

    def next(self, is_gone):
        """Returns what is under way, or waits for what comes; None where the caller has gone."""
        while not is_gone():
            if self._current is not None:
                return self._current
            with contextlib.suppress(queue.Empty):
                self._current = self._pending.get(timeout=0.02)
                return self._current
        return None

    def take(self, path: str, body: bytes) -> int:
        """Returns the status that a post is answered with."""
        *_, identity, kind = path.split("/")
        if kind not in ("response", "error"):
            return 404
        if self._current is None or identity != self._current[0]:
            self.refused += 1
            return 400
        self._current = None
        self._answers.put(Answer(kind, body))
        return 202


def handler(api: RuntimeAPI):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            if not self.path.endswith("/invocation/next"):
                return self.say(404)
            taken = api.next(lambda: bool(select.select([self.connection], [], [], 0)[0]))
            if taken is None:
                self.close_connection = True
                return None
            identity, event = taken
            return self.say(200, event, {
                "Lambda-Runtime-Aws-Request-Id": identity,
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + 60) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:012345678912:function:probe",
            })

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.say(api.take(self.path, body))

        def say(self, status, body=b"", headers=None):
            with contextlib.suppress(OSError):
                self.send_response(status)
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler
