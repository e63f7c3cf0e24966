"""Other ways to run a script in R: each is a context that yields a function from a script's path to milliseconds."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import rserve

SESSION = Path(__file__).resolve().parent / "session.R"


@contextlib.contextmanager
def session(way: str, work: Path, warm_up: Sequence[Path] = ()):
    """Yields a function that draws in or out of one R session, and returns wall and CPU milliseconds."""
    process = subprocess.Popen(
        ["Rscript", SESSION, way, *warm_up],
        cwd=work,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )

    def draw(script: Path) -> tuple[float, float]:
        process.stdin.write(f"{script}\n")
        process.stdin.flush()
        wall, cpu = process.stdout.readline().split()
        return float(wall), float(cpu)

    try:
        process.stdout.readline()
        yield draw
    finally:
        process.stdin.close()
        process.wait(10)


@contextlib.contextmanager
def wall_of_session(way: str, work: Path, warm_up: Sequence[Path] = ()):
    with session(way, work, warm_up) as draw:
        yield lambda script: draw(script)[0]


@contextlib.contextmanager
def rscript(work: Path):
    """A new R for each script."""
    program = "ragg::agg_png(tempfile(), 1600, 1000, res = 150); source(commandArgs(TRUE), print.eval = TRUE)"

    def draw(script: Path) -> float:
        start = time.perf_counter()
        subprocess.run(
            ["Rscript", "-e", program, script],
            cwd=work,
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return (time.perf_counter() - start) * 1000

    yield draw


@contextlib.contextmanager
def rserve_connections(work: Path, warm_up: list[Path]):
    """A new connection, and so a fork, for each script."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        ["Rscript", SESSION, "rserve", *warm_up],
        cwd=work,
        env={**os.environ, "BENCH_PORT": str(port)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield lambda script: rserve.evaluate(port, f"{{setwd('{work}'); draw('{script}'); 1}}")
    finally:
        process.terminate()
        process.wait(10)


def wait_for(port: int) -> None:
    for _ in range(600):
        with contextlib.suppress(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        time.sleep(0.1)
    raise SystemExit("Rserve did not answer within a minute")


def all_peers(work: Path, scripts: list[Path]) -> dict:
    """Returns the peers by name, not yet started."""
    return {
        "Rscript": rscript(work),
        "callr::r": wall_of_session("callr", work),
        "fork, packages loaded": wall_of_session("mcparallel", work),
        "parallel::mcparallel, warm": wall_of_session("mcparallel", work, scripts),
        "Rserve, warm": rserve_connections(work, scripts),
    }
