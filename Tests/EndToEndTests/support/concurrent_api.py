"""A Runtime API that hands out the events it is given and notes when each was answered, and how often."""

import contextlib
import queue
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Exchange:
    """An event, when it was handed out, and the queue that its answer goes to."""

    event: bytes
    answers: queue.Queue = field(default_factory=queue.Queue)
    sent: float = 0.0


class ScriptedRuntimeAPI:
    """One runtime polls it, with as many calls at once as it likes; `exchange` may be called by several threads.

    `invoke` returns an answer and the milliseconds from event to answer.
    """

    def __init__(self):
        self.polled = threading.Event()
        # Answers by request id; of a lost one there is none.
        self.answers = Counter()
        self._events = queue.Queue()
        self._under_way: dict[str, Exchange] = {}
        # How many calls of `next` wait for an event.
        self.waiting = 0
        self._counting = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        # A runtime that is told to end does so in the middle of its poll.
        self._server.handle_error = lambda request, address: None
        self.address = f"127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def invoke(self, event: bytes, timeout: float = 60) -> tuple[bytes, float]:
        kind, answer, milliseconds = self.exchange(event, timeout)
        if kind != "response":
            raise SystemExit(f"the runtime reported a fault: {answer.decode()}")
        return answer, milliseconds

    def exchange(self, event: bytes, timeout: float = 60) -> tuple[str, bytes, float]:
        """Returns `response` or `error`, what was posted, and the milliseconds from event to answer."""
        exchange = Exchange(event)
        self._events.put(exchange)
        return exchange.answers.get(timeout=timeout)

    def wait_until_idle(self, width: int, timeout: float = 60) -> None:
        """Waits until so many loops ask for their next event, which each does when its tidying is done."""
        end = time.monotonic() + timeout
        while self.waiting < width:
            if time.monotonic() > end:
                raise SystemExit("the runtime does not ask for its next invocation")
            time.sleep(0.01)

    def _wait_for_event(self) -> Exchange:
        with self._counting:
            self.waiting += 1
        try:
            return self._events.get()
        finally:
            with self._counting:
                self.waiting -= 1

    def _handler(api):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            # Without this, a small answer waits 40 ms for an acknowledgement.
            disable_nagle_algorithm = True

            def do_GET(self):
                api.polled.set()
                exchange = api._wait_for_event()
                event = exchange.event
                identity = str(uuid.uuid4())
                api._under_way[identity] = exchange
                api.answers[identity] = 0
                deadline = int((time.time() + 60) * 1000)
                head = (
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                    f"Content-Length: {len(event)}\r\n"
                    f"Lambda-Runtime-Aws-Request-Id: {identity}\r\n"
                    f"Lambda-Runtime-Deadline-Ms: {deadline}\r\n"
                    "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:012345678912:function:bench\r\n\r\n"
                )
                exchange.sent, api.sent_at = time.perf_counter(), time.time()
                with contextlib.suppress(OSError):
                    self.wfile.write(head.encode() + event)

            def do_POST(self):
                answer = self.rfile.read(int(self.headers["Content-Length"]))
                if self.path.endswith("/init/error"):  # a runtime that cannot start is not going to poll
                    api.polled.set()
                if "/invocation/" not in self.path:  # nor is an extension that wants to register
                    self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
                    return
                *_, identity, kind = self.path.split("/")
                exchange = api._under_way[identity]
                milliseconds = (time.perf_counter() - exchange.sent) * 1000
                self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n")
                api.answers[identity] += 1
                if api.answers[identity] == 1:
                    exchange.answers.put((kind, answer, milliseconds))

            def log_message(self, *_):
                pass

        return Handler
