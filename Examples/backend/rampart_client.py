"""Runs R that a model wrote, through a deployed Rampart. Made to be copied into a backend; it needs boto3 alone."""

import hashlib
import hmac
import json
import os
import random
import re
import time
import uuid
from collections.abc import Callable, Sequence
from enum import Enum

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

# Faults after which the same request may succeed: the environment was lost, not the script found wrong.
PASSING = {
    "Runtime.DeadlineTooNear",
    "Runtime.ExitError",
    "Runtime.OutOfMemory",
    "Runtime.Scratch",
    "Runtime.WorkerStart",
    "Runtime.ZygoteGone",
    "Runtime.ZygoteStart",
    "Sandbox.Timedout",
}

# A function that nobody called for weeks is `Inactive`: the first call wakes it and is refused, which the SDK does not
# repeat. It takes a minute or so until its network stands again, and no script runs meanwhile.
WAKING = "ResourceConflictException"
WAKING_PAUSE, WAKING_TRIES = 10.0, 18

# A chart, by its name; a page of plotly's is one.
CHART = re.compile(r"chart-\d{3,}\.")
# What a script does about an artifact that was not kept, by the reason.
LEFT_OUT = {
    "count": "there were too many: draw and write fewer",
    "size": "too large: draw fewer points or a smaller picture, PNG and not SVG or HTML; write less",
    "kind": "no plain file, or it could not be read: write a file of its own, and no link",
    "name": "its name cannot be kept: give it a short one of letters and digits",
    "depth": "its folder is too deep: write it into the working directory",
}


class Fault(Exception):
    """Rampart, its deployment or Lambda failed: nobody knows how the script ended. For the operator, not the model."""

    def __init__(self, kind: str, message: str):
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.passes = kind in PASSING


class Forged(Exception):
    """The answer is not Rampart's. A script has answered in its place: keep the code, and tell the operator."""


class Next(Enum):
    """What a caller does with an envelope."""

    USE = "use"
    MEND = "mend"
    TRY_AGAIN = "try again"
    GIVE_UP = "give up"


def next_step(envelope: dict) -> Next:
    """Decides by `retryable`, `status`, `storage` and `leftOut`, in this order."""
    if envelope["retryable"]:
        return Next.TRY_AGAIN
    if envelope["status"] != "completed":
        return Next.MEND
    # The script did well and its charts are lost: that is the deployment's to mend.
    if envelope["storage"]:
        return Next.GIVE_UP
    return Next.MEND if _lost_a_chart(envelope) else Next.USE


def _lost_a_chart(envelope: dict) -> bool:
    left_out = envelope["leftOut"]
    if any(CHART.match(entry["name"]) for entry in left_out["first"]):
        return True
    # Not all that was left out is named.
    return not envelope["charts"] and left_out["count"] > len(left_out["first"])


def verified(payload: bytes, keys: Sequence[bytes | str], request_id: str | None) -> dict:
    """Returns the envelope, if it was signed with one of the keys for this very request.

    There are two keys while one is rotated. A key may be text, as Secrets Manager gives it.
    """
    body, member = payload[:-80], payload[-80:]
    raw = [key.encode() if isinstance(key, str) else key for key in keys]
    signed = [f',"signature":"{hmac.new(key, body, hashlib.sha256).hexdigest()}"}}'.encode() for key in raw]
    # A list: every key is compared, so that the time taken tells nothing.
    if not any([hmac.compare_digest(member, expected) for expected in signed]):  # noqa: C419
        raise Forged("this answer is not Rampart's, or it was changed")
    envelope = json.loads(payload)
    if not request_id or envelope["requestId"] != request_id:
        raise Forged("this is the answer to another request")
    return envelope


def lambda_client(endpoint: str | None = None):
    """Returns a client whose patience is longer than the function's timeout.

    The SDK's own retries are for what comes before the function: throttling, a 5xx of Lambda's, a lost connection.
    """
    config = Config(read_timeout=60, retries={"mode": "standard", "max_attempts": 4})
    return boto3.client("lambda", endpoint_url=endpoint or os.environ.get("RAMPART_ENDPOINT"), config=config)


class Rampart:
    """Runs scripts in one deployed function."""

    def __init__(
        self,
        client,
        function: str = "function",
        *,
        keys: Sequence[bytes | str] = (),
        tries: int = 3,
        pause: Callable[[float], None] = time.sleep,
    ):
        """Takes the function's name or ARN, and its signing keys; without a key nothing is verified."""
        if isinstance(keys, bytes | str):
            # Each of its letters would be a key.
            raise TypeError("keys is a list of keys")
        self._client = client
        self._function = function
        self._keys = keys
        self._tries = tries
        self._pause = pause

    def run(self, code: str, *, tenant: str | None = None, **fields) -> dict:
        """Returns the envelope of one run; `fields` are the request's: inputs, chart, limits, store, seed.

        A request that may succeed on another try is tried again, with the same keys in the store, so that nothing is
        stored twice. After a fault that is once: a fault is not signed, so that a script can make one, and each try
        is a run of it.
        """
        request = {"code": code, "store": {"prefix": f"{uuid.uuid4()}/"}, **fields}
        faults = 0
        for attempt in range(1, self._tries + 1):
            try:
                envelope = self._invoke_awake(request, tenant)
                if next_step(envelope) is not Next.TRY_AGAIN or attempt == self._tries:
                    return envelope
            except Fault as fault:
                faults += 1
                if not fault.passes or faults > 1 or attempt == self._tries:
                    raise
            self._pause(random.uniform(0, 2**attempt))
        raise ValueError("tries must be at least 1")

    def _invoke_awake(self, request: dict, tenant: str | None) -> dict:
        """Invokes, and waits for a function that has to be woken."""
        for _ in range(WAKING_TRIES):
            try:
                return self._invoke(request, tenant)
            except Fault as fault:
                if fault.kind != WAKING:
                    raise
            self._pause(WAKING_PAUSE)
        return self._invoke(request, tenant)

    def _invoke(self, request: dict, tenant: str | None) -> dict:
        isolation = {"TenantId": tenant} if tenant else {}
        try:
            answer = self._client.invoke(FunctionName=self._function, Payload=json.dumps(request), **isolation)
            payload = answer["Payload"].read()
        except ClientError as error:
            # Throttling that lasts, a right that is missing: the SDK has tried again what it may.
            said = error.response["Error"]
            raise Fault(said["Code"], said["Message"]) from error
        except BotoCoreError as error:
            raise Fault(type(error).__name__, str(error)) from error
        if "FunctionError" in answer:
            raise _fault(payload)
        if self._keys:
            return verified(payload, self._keys, answer["ResponseMetadata"].get("RequestId"))
        # AWS's emulator does not mark faults.
        if b'"status":' not in payload:
            raise _fault(payload)
        return json.loads(payload)


def _fault(payload: bytes) -> Fault:
    """Reads what Lambda says in place of an envelope."""
    try:
        said = json.loads(payload)
        return Fault(said["errorType"], said.get("errorMessage", ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        # The emulator tells of a timeout in plain words.
        text = payload[:200].decode(errors="replace")
        return Fault("Sandbox.Timedout" if "timed out" in text else "Function.Unknown", text)


def for_model(envelope: dict, code: str) -> str:
    """Tells a model what its script did, so that it can mend it.

    Much of it is the script's own text: hand it over as a tool's result, never as an instruction.
    """
    lines = [f"status: {envelope['status']}"]
    if error := envelope["error"]:
        lines += _error(error, code.splitlines())
    lines += [f"{kind['kind']}{_at(kind)}: {kind['message']}" for kind in envelope["conditions"][:20]]
    lines += [f"{chart['name']}: {chart['alt'] or 'no description'}" for chart in envelope["charts"]]
    lines += _left_out(envelope["leftOut"])
    # What is on stderr is among the conditions and in the error, for the most part.
    if text := envelope["stdout"]["text"]:
        lines += ["it printed, at the end:", text[-2000:]]
    return "\n".join(lines)


def _error(error: dict, source: list[str]) -> list[str]:
    lines = [f"{error['kind']} error{_at(error)}: {error['message']}"]
    if (line := error.get("line")) and line <= len(source):
        lines.append(f"that line: {source[line - 1]}")
    if pointer := error.get("pointer"):
        lines.append(f"field of the request: {pointer}")
    lines += [f"called{_at(frame)}: {frame['call']}" for frame in error.get("traceback", [])[-5:]]
    lines += [f"hint: {hint}" for hint in error.get("hints", [])]
    return lines


def _left_out(left_out: dict) -> list[str]:
    lines = []
    for entry in left_out["first"]:
        lines.append(f"{entry['name']} was not kept: {LEFT_OUT.get(entry['reason'], entry['reason'])}")
    if more := left_out["count"] - len(lines):
        lines.append(f"not kept besides: {more}")
    return lines


def _at(place: dict) -> str:
    return f" at line {place['line']}" if place.get("line") else ""


def draw(rampart: Rampart, write: Callable[[str | None], str], *, drafts: int = 3, **fields) -> dict:
    """Asks `write` for a script until one completes, and returns the last envelope.

    `write` is given nothing at first, and then what became of its last script.
    """
    envelope, report = {}, None
    for _ in range(drafts):
        code = write(report)
        envelope = rampart.run(code, **fields)
        if next_step(envelope) is not Next.MEND:
            break
        report = for_model(envelope, code)
    return envelope
