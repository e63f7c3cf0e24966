"""A Runtime API that hands out one event at a time, when a test has one, and counts the answers to each."""

import json
import queue
import time
from dataclasses import dataclass

from .http_pieces import Connection
from .runtime_api import Call, Hands, RuntimeAPI

WELL = {
    "code": "plot(scan('in.txt', quiet = TRUE))\n6 * 7",
    "inputs": [{"name": "in.txt", "text": "1 2 3"}],
    "store": {"inline": True},
}


@dataclass(frozen=True)
class HandsNext:
    """Waits for the test's next event."""

    events: queue.Queue

    def __call__(self, connection: Connection) -> None:
        self.events.get()(connection)


class Conversation(RuntimeAPI):
    def __init__(self):
        super().__init__()
        self._events = queue.Queue()
        self._count = 0

    def hand(self, event: dict, seconds: float = 30) -> str:
        """Hands an event over as soon as the runtime asks for one; returns its id."""
        self._count += 1
        name = str(self._count)
        self._events.put(Hands({"store": {"inline": True}, **event}, id=name, seconds=seconds))
        return name

    def answers(self, name: str) -> list[Call]:
        return [call for call in list(self.calls) if call.name in (f"response {name}", f"error {name}")]

    def answer(self, name: str, seconds: float = 30) -> dict:
        """Returns the one answer to an event: an envelope, or an error with its `errorType`."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.answers(name), seconds), f"no answer to event {name}"
        (call,) = self.answers(name)
        return json.loads(call.body)

    def ask(self, event: dict, seconds: float = 30) -> dict:
        return self.answer(self.hand(event), seconds)

    def wait_for_next(self, seconds: float = 30) -> None:
        """Returns when the runtime has asked for the next event: it has tidied up then."""
        with self._changed:
            asked = lambda: self.calls[-1].name == "next" and self.names.count("next") > self._count  # noqa: E731
            assert self._changed.wait_for(asked, seconds), "the runtime does not ask for the next event"

    def expect_well(self) -> None:
        """A healthy run gives what it should."""
        envelope = self.ask(WELL)
        assert envelope.get("status") == "completed", envelope
        assert envelope["stdout"]["text"] == "[1] 42\n"
        assert [chart["name"] for chart in envelope["charts"]] == ["chart-001.png"]

    def expect_one_answer_each(self) -> None:
        assert [len(self.answers(str(number + 1))) for number in range(self._count)] == [1] * self._count

    def _behaviour(self, call: Call):
        return HandsNext(self._events) if call.name == "next" else super()._behaviour(call)


def seconds_of(action) -> float:
    began = time.monotonic()
    action()
    return time.monotonic() - began
