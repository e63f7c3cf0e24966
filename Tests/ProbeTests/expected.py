"""What Lambda's worst case cannot stop, and what contains it there: read with docs/threat-model.md.

A row allows one probe one breach, and its containment is checked. A breach without a row fails, and so
does a row without its breach.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass


def own_run_only(answer, world) -> bool:
    """The run was told as it was, and its end took the act's effect along: the environment goes on without."""
    return answer.kind == "response" and not world.leftovers() and not world.has_exited


def left_out(answer, _) -> bool:
    """The collector took nothing but regular files."""
    return answer.kind == "response" and answer.envelope["files"] == [] and answer.envelope["leftOut"]["count"] > 0


def zygote_replaced(answer, world) -> bool:
    """The run is reported as a fault of the runtime's, and the host goes on with a new zygote."""
    return answer.kind == "error" and "Runtime." in json.loads(answer.body)["errorType"]


def environment_replaced(answer, world) -> bool:
    """The host is gone, or left: Lambda starts another environment."""
    return answer.kind in ("exit", "silence") or world.has_exited


def swept(answer, world) -> bool:
    """Nothing of the run's was left when its answer was here."""
    return answer.kind == "response" and not world.leftovers()


def swept_and_kept(answer, world) -> bool:
    """The same, and the environment goes on."""
    return swept(answer, world) and not world.has_exited


def tainted_after_a_fault(answer, world) -> bool:
    """The run is reported as a fault, and the host leaves."""
    return answer.kind == "error" and tainted(answer, world)


def replaced_and_swept(answer, world) -> bool:
    """Both: what the run started did not wait for the next one under a new zygote."""
    return zygote_replaced(answer, world) and not world.leftovers()


def next_life_clean(answer, world) -> bool:
    """The host is gone; the one after it leaves nothing of the run's to the next."""
    return environment_replaced(answer, world) and world.healthy() == world.baseline and not world.leftovers()


def counted(answer, world) -> bool:
    """What it takes of the disk counts, and goes with its scratch directory; the collector takes nothing of it."""
    return left_out(answer, world) and answer.envelope["usage"]["bytesWritten"] >= 200 << 20


def killed_with_all(answer, world) -> bool:
    """What could not be looked for in peace is dead, with all else of the user, and the host leaves; else it was found."""
    return not world.leftovers() and (answer.kind == "response" or tainted_after_a_fault(answer, world))


def own_run_only_twice(answer, world) -> bool:
    """The same, and the second run found nothing of the first."""
    return own_run_only(answer, world) and "left over: 0" in answer.envelope["stdout"]["text"]


def tainted(answer, world) -> bool:
    """The host noticed, and left when it had answered."""
    return world.has_exited


@dataclass(frozen=True)
class Breach:
    what: str
    containment: Callable
    #: What the probe says if this machine happens to hold it.
    held_by: str | None = None


WORST_CASE = {
    "abstract-socket": Breach("another run could meet it: none is alive meanwhile", own_run_only),
    "affinity-parent": Breach("the zygote is pinned to one processor", tainted),
    "artifact-fifo": Breach("a FIFO among the artifacts", left_out),
    "artifact-symlink": Breach("links among the artifacts", left_out),
    "datagram": Breach("datagrams leave; nothing counts them", own_run_only),
    "descriptor-signal": Breach("the zygote is killed", zygote_replaced),
    "folder-attributes": Breach("a value, and rights, on the host's own folder", tainted),
    "foreign-call": Breach("32-bit calls: none does more than its 64-bit twin", own_run_only),
    # A file system in memory, as the image's /tmp, asks for the limit of a file's size: EFBIG.
    "fallocate": Breach("blocks of the disk behind an empty file's end", counted, held_by="errno 27"),
    "forged-answer": Breach("the invocation is answered by the script", environment_replaced),
    "fork": Breach("children, as many as NPROC leaves room for", own_run_only),
    "fork-away": Breach("children that leave the session", swept),
    "fork-chain": Breach("chains of processes, each of which starts the next and ends", swept_and_kept),
    "fork-chain-claim": Breach("the same, with a name of the host's", swept_and_kept),
    "fork-chain-timer": Breach("the same, which continue when they are stopped", killed_with_all),
    "ghost-children": Breach("children that look dead in /proc, and are not", swept),
    "hidden-name": Breach("children whose name hides the sign after it", swept_and_kept),
    "hard-link": Breach("a second name for the script's own file", own_run_only),
    "ipc-leftover": Breach("a segment, a queue and a semaphore", swept),
    "fork-away-kill-host": Breach("children that leave, the zygote stopped and the host killed", next_life_clean),
    "fork-away-kill-parent": Breach("children that leave, and the zygote killed", replaced_and_swept),
    "fork-away-stop-parent": Breach("children that leave, and the zygote stopped", replaced_and_swept),
    "hold-memory": Breach("attributes, wide pipes, memory files, timers and locks", own_run_only),
    "interrupt-parent": Breach("signals to the zygote, which it does not heed", own_run_only),
    "io-priority-parent": Breach("the zygote's reading comes last", tainted),
    "key-leftover": Breach("a key of the user's", tainted),
    "kill-host": Breach("the host is killed", environment_replaced),
    "kill-parent": Breach("the zygote is killed", zygote_replaced),
    "large-children": Breach("children that take time to die", swept_and_kept),
    "leftover-kill-host": Breach("files and System V objects, and the host killed", next_life_clean),
    "libc-shell": Breach("a shell, with the script's own rights and limits", own_run_only),
    "limits-of-host": Breach("a limit of the host's is lowered, and the zygote killed", tainted_after_a_fault),
    "limits-of-parent": Breach("a limit of the zygote's is lowered", tainted),
    "lock-in-flight": Breach("a lock that outlives its process, and not its run", own_run_only_twice),
    "lock-on-shared-file": Breach("a lock on a file that every run can read", own_run_only),
    "memory-exec": Breach("a program, with the script's own rights and limits", own_run_only),
    "memory-many": Breach("a dozen processes, each with the run's memory", own_run_only),
    "native-connect": Breach("a connection to the Runtime API", tainted),
    "oom-score": Breach("a child's score, by a program; its limits stay", own_run_only),
    "other-sockets": Breach("sockets of other families; nothing counts them", own_run_only),
    "policy-parent": Breach("the zygote is scheduled as a batch job", tainted),
    "read-outside": Breach("what the one user may read: it holds no secret", own_run_only),
    "renice-parent": Breach("the zygote is slowed down, for good", tainted),
    "root-moved": Breach("the host's own folder is moved", tainted),
    "set-id": Breach("a program with the rights of the user that made it", own_run_only),
    "shell": Breach("a shell, with the script's own rights and limits", own_run_only),
    "stop-host": Breach("the host is stopped", environment_replaced),
    "stop-parent": Breach("the zygote is stopped", zygote_replaced),
    "term-host": Breach("the host is told to stop", tainted_after_a_fault),
    "term-host-descriptor": Breach("the host is told to stop, by a descriptor", tainted_after_a_fault),
    "term-host-forged": Breach("the host is told to stop, in the name of another", tainted_after_a_fault),
    "zygotes-children": Breach("children of the zygote's", swept_and_kept),
}
