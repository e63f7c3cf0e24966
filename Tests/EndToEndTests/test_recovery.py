"""Whatever is lost or used up during a run, it has one answer in time, and the next run is well.

As root: for R's processes are struck, and small disks are mounted.
"""

import contextlib
import os
import re
import signal
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.conversation import Conversation, seconds_of
from support.processes import wait_until
from support.runtime_api import runtime

pytestmark = pytest.mark.desk

POINTS = 20
DRAWING = {
    "code": "for (i in 1:4) { plot(i); Sys.sleep(0.02) }\nwriteLines('x', 'a.txt')",
    "limits": {"wallSeconds": 1},
}


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def find(victim: str, host: int) -> int | None:
    """Returns the pid of the zygote, or of the newest worker."""
    zygotes = children(host)
    if victim == "zygote":
        return zygotes[0] if zygotes else None
    workers = [worker for zygote in zygotes for worker in children(zygote)]
    return workers[-1] if workers else None


def strike(victim: str, host: int, number: int) -> None:
    """Sends a signal to a process that may come only now, or be gone."""
    with contextlib.suppress(ProcessLookupError):
        wait_until(lambda: find(victim, host), 10, f"there is a {victim}")
        if pid := find(victim, host):
            os.kill(pid, number)


def strike_at_every_point(folder: Path, victim: str, number: int) -> None:
    with Conversation() as api, runtime(api, folder) as running:
        host = running.process.pid
        api.expect_well()

        def cycle():
            api.ask(DRAWING)
            api.wait_for_next()

        # The last points are those of the tidying after the answer.
        length = min(seconds_of(cycle) for _ in range(3)) * 1.1
        for point in range(POINTS):
            event = api.hand(DRAWING)
            time.sleep(length * point / POINTS)
            strike(victim, host, number)
            was_answered = bool(api.answers(event))
            assert seconds_of(lambda event=event: api.answer(event)) < 10
            # Who was struck after that answer may be missed by the run after it.
            if was_answered:
                api.ask(DRAWING, seconds=10)
            api.expect_well()
        api.expect_one_answer_each()


STRIKES = [(victim, number) for victim in ("zygote", "worker") for number in (signal.SIGKILL, signal.SIGSTOP)]


@pytest.fixture(scope="module")
def struck(tmp_path_factory):
    """All of it at once, for most of it is waiting."""
    folder = tmp_path_factory.mktemp("struck")
    with ThreadPoolExecutor(len(STRIKES)) as pool:
        yield {
            (victim, number): pool.submit(strike_at_every_point, folder / f"{victim}-{number}", victim, number)
            for victim, number in STRIKES
        }


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("victim", "number"), STRIKES)
def test_a_run_whose_process_is_struck_at_any_point_has_one_answer(struck, victim, number):
    struck[victim, number].result(timeout=300)


@contextlib.contextmanager
def disk(folder: Path, options: str):
    """A disk that is soon full."""
    place = folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@contextlib.contextmanager
def on_a_disk(folder: Path, options: str, **settings: str):
    # The runtime's user passes through.
    for above in (folder, *folder.parents[:-2]):
        above.chmod(above.stat().st_mode | 0o011)
    with disk(folder, options) as place, Conversation() as api:
        place.chmod(0o711)
        with runtime(api, folder, parent=place, **settings) as running:
            api.expect_well()
            api.wait_for_next()
            yield api, running, place


def fill(place: Path) -> Path:
    """Takes all that is left of a disk."""
    rest = place / "rest"
    with contextlib.suppress(OSError), rest.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(4096))
    return rest


def test_a_script_that_fills_the_disk_harms_itself_alone(tmp_path):
    with on_a_disk(tmp_path, "size=16m") as (api, _, place):
        code = "for (i in 1:40) try(writeBin(raw(1e6), sprintf('f%d', i)))\ncat('over')"
        envelope = api.ask({"code": code})
        assert envelope["stdout"]["text"] == "over"
        assert any("writing" in condition["message"] for condition in envelope["conditions"])
        api.wait_for_next()
        assert os.statvfs(place).f_bavail * 4096 > 12 << 20
        api.expect_well()


def test_a_full_disk_is_a_fault_that_passes(tmp_path):
    event = {"code": "1", "inputs": [{"name": "big.txt", "text": "x" * 200_000}]}
    with on_a_disk(tmp_path, "size=16m") as (api, running, place):
        rest = fill(place)
        for _ in range(5):
            answer = api.ask(event)
            assert answer["errorType"] == "Runtime.Scratch"
            assert "No space left on device" in answer["errorMessage"]
        assert running.process.poll() is None
        rest.unlink()
        api.expect_well()


def test_a_script_that_uses_up_the_inodes_harms_itself_alone(tmp_path):
    with on_a_disk(tmp_path, "nr_inodes=300", RAMPART_FILES="10") as (api, _, place):
        envelope = api.ask({"code": "sum(file.create(sprintf('f%d', 1:1000), showWarnings = FALSE))"})
        assert 100 < envelope["value"]["value"] < 300
        assert len(envelope["files"]) == 10
        api.wait_for_next()
        assert os.statvfs(place).f_ffree > 250
        api.expect_well()


def test_used_up_inodes_are_one_answer_each_until_there_are_some(tmp_path):
    with on_a_disk(tmp_path, "nr_inodes=300") as (api, running, place):
        taken = []
        with contextlib.suppress(OSError):
            for number in range(300):
                taken.append(place / f"rest-{number}")
                taken[-1].touch()
        answers = [api.ask(DRAWING) for _ in range(6)]
        assert all("status" in answer or answer["errorType"].startswith("Runtime.") for answer in answers)
        assert running.process.poll() is None
        for path in taken:
            path.unlink(missing_ok=True)
        api.wait_for_next()
        api.expect_well()
        api.expect_one_answer_each()


def test_a_host_is_not_ended_by_signals_that_a_neighbour_can_have_sent(tmp_path):
    numbers = ("XFSZ", "XCPU", "PIPE", "ALRM", "VTALRM", "PROF", "IO", "USR1", "USR2")
    with Conversation() as api, runtime(api, tmp_path) as running:
        api.expect_well()
        for name in numbers:
            running.process.send_signal(signal.Signals[f"SIG{name}"])
        api.expect_well()
        # And to none of them is a script deaf, but to those that R reports as errors instead.
        api.wait_for_next()
        worker = find("worker", running.process.pid)
        (ignored,) = re.findall(r"^SigIgn:\s*(\w+)$", Path(f"/proc/{worker}/status").read_text(), re.M)
        # Above 31 are the C library's own, which it lets nobody change.
        programs = int(ignored, 16) & (1 << 31) - 1
        assert programs == 1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1


@contextlib.contextmanager
def memory_group(most: int):
    """A control group, of whichever version, that holds so many bytes."""
    root = Path("/sys/fs/cgroup")
    first = (root / "memory").is_dir()
    group = (root / "memory" if first else root) / f"rampart-test-{os.getpid()}"
    group.mkdir()
    (group / ("memory.limit_in_bytes" if first else "memory.max")).write_text(str(most))
    try:
        yield group
    finally:
        wait_until(lambda: not (group / "cgroup.procs").read_text(), 10, "the group is empty")
        group.rmdir()


def test_a_run_that_the_machine_has_no_memory_for_exceeds_its_limit(tmp_path):
    with memory_group(256 << 20) as group, Conversation() as api, runtime(api, tmp_path) as running:
        api.expect_well()
        api.wait_for_next()
        host = running.process.pid
        family = [host, *children(host), *(worker for zygote in children(host) for worker in children(zygote))]
        for pid in family:
            (group / "cgroup.procs").write_text(str(pid))
        envelope = api.ask({"code": "x <- numeric(9e7)", "limits": {"memoryMB": 1024}})
        assert (envelope["status"], envelope["limit"]) == ("exceeded", {"name": "memory"})
        assert running.process.poll() is None
        api.expect_well()


def copy_of_r(folder: Path) -> Path:
    """Makes an R home of links, from which R can be taken away."""
    home = Path(subprocess.run(["R", "RHOME"], check=True, capture_output=True, text=True).stdout.strip())
    (folder / "bin/exec").mkdir(parents=True)
    for part in home.iterdir():
        if part.name != "bin":
            (folder / part.name).symlink_to(part)
    for name in ("bin/R", "bin/exec/R"):
        (folder / name).symlink_to(home / name)
    return folder


def test_three_starts_of_r_that_fail_end_the_runtime_with_a_reason(tmp_path):
    home = copy_of_r(tmp_path / "R")
    with Conversation() as api, runtime(api, tmp_path, RAMPART_R=str(home)) as running:
        for _ in range(2):
            api.ask({"code": "1"})
        api.wait_for_next()
        (home / "bin/exec/R").unlink()
        strike("zygote", running.process.pid, signal.SIGKILL)
        answers = [api.ask({"code": "1"}) for _ in range(3)]
        assert {answer["errorType"] for answer in answers} <= {"Runtime.ZygoteGone", "Runtime.MissingEngine"}
        assert running.exit_status() == 70
        (reason,) = [line for line in running.lines if "could not start R again" in line]
        assert "it failed 3 times in a row" in reason
        assert str(home) in reason
        api.expect_one_answer_each()
