"""A Runtime API as the open emulator's: GET next tells a running invocation again, to whoever asks."""

import contextlib
import json
import queue
import uuid
from dataclasses import dataclass

from support.http_pieces import Connection, reply
from support.runtime_calls import Call, RuntimeServer, event_headers

PORT = 9001


@dataclass(frozen=True)
class Answer:
    """What was posted: a response or an error. `exit` and `silence` are what a world saw instead."""

    kind: str
    body: bytes = b""

    @property
    def envelope(self) -> dict:
        return json.loads(self.body)


class RuntimeAPI(RuntimeServer):
    """One invocation at a time; the first answer to it counts, and a second one is refused."""

    def __init__(self):
        super().__init__(PORT)
        self.refused = 0
        self._pending = queue.Queue()
        self._answers = queue.Queue()
        self._current = None
        self.__enter__()

    def close(self):
        self.__exit__()

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

    def take(self, call: Call, connection: Connection) -> None:
        if call.name == "next":
            taken = self._next(connection)
            if taken is None:
                connection.hang_up()
            else:
                identity, event = taken
                connection.write(reply(200, event_headers(identity, 60), event))
        else:
            connection.write(reply(self._status(call), {}, b""))

    def _next(self, connection: Connection):
        """Returns what is under way, or waits for what comes; None where the caller has gone."""
        while not connection.has_more:
            if self._current is not None:
                return self._current
            with contextlib.suppress(queue.Empty):
                self._current = self._pending.get(timeout=0.02)
                return self._current
        return None

    def _status(self, call: Call) -> int:
        """Returns the status that a post is answered with."""
        kind, _, identity = call.name.partition(" ")
        if kind not in ("response", "error"):
            return 404
        if self._current is None or identity != self._current[0]:
            self.refused += 1
            return 400
        self._current = None
        self._answers.put(Answer(kind, call.body))
        return 202
