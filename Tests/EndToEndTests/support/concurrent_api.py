"""A Runtime API that hands out the events it is given and notes when each was answered, and how often."""

import queue
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from .http_pieces import Connection, reply
from .runtime_calls import Call, RuntimeServer, event_headers


@dataclass
class Exchange:
    """An event, when it was handed out, and the queue that its answer goes to."""

    event: bytes
    answers: queue.Queue = field(default_factory=queue.Queue)
    sent: float = 0.0


class ScriptedRuntimeAPI(RuntimeServer):
    """One runtime polls it, with as many calls at once as it likes; `exchange` may be called by several threads.

    `invoke` returns an answer and the milliseconds from event to answer.
    """

    def __init__(self):
        super().__init__()
        self.polled = threading.Event()
        # Answers by request id; of a lost one there is none.
        self.answers = Counter()
        self._events = queue.Queue()
        self._under_way: dict[str, Exchange] = {}
        # How many calls of `next` wait for an event.
        self.waiting = 0
        self._counting = threading.Lock()

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

    def take(self, call: Call, connection: Connection) -> None:
        # A runtime that cannot start is not going to poll.
        if call.name in ("next", "init/error"):
            self.polled.set()
        kind, _, identity = call.name.partition(" ")
        if kind == "next":
            self._hand_over(connection)
        elif kind in ("response", "error"):
            self._note(kind, identity, call, connection)
        else:
            # Nor is an extension to be registered.
            connection.write(reply(404, {}, b""))

    def _wait_for_event(self) -> Exchange:
        with self._counting:
            self.waiting += 1
        try:
            return self._events.get()
        finally:
            with self._counting:
                self.waiting -= 1

    def _hand_over(self, connection: Connection) -> None:
        exchange = self._wait_for_event()
        identity = str(uuid.uuid4())
        self.answers[identity] = 0
        self._under_way[identity] = exchange
        whole = reply(200, event_headers(identity, 60), exchange.event)
        exchange.sent, self.sent_at = time.perf_counter(), time.time()
        connection.write(whole)

    def _note(self, kind: str, identity: str, call: Call, connection: Connection) -> None:
        arrived = time.perf_counter()
        connection.write(reply(202, {}, b""))
        self.answers[identity] += 1
        if self.answers[identity] == 1:
            exchange = self._under_way.pop(identity)
            exchange.answers.put((kind, call.body, (arrived - exchange.sent) * 1000))
