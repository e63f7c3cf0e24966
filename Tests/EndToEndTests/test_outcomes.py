"""However a script ends, the envelope says how, keeps what was finished, and the next run is well."""

import pytest
from support.envelope import inline_bytes
from support.pictures import picture


@pytest.fixture(autouse=True)
def the_next_run_is_well(deployed):
    yield
    deployed.expect_healthy()


def test_a_script_that_runs_to_its_end_is_completed(deployed):
    envelope = deployed.run("x <- 1:10\nsum(x)")
    assert envelope["status"] == "completed"
    assert envelope["error"] is None
    assert envelope["limit"] is None
    assert envelope["retryable"] is False
    assert envelope["stdout"]["text"] == "[1] 55\n"


def test_a_runtime_error_names_the_line_where_its_expression_begins(deployed):
    envelope = deployed.run("x <- 1\n\nf <- function() {\n  stop('no such thing')\n}\n\nf()\nx")
    error = envelope["error"]
    assert envelope["status"] == "failed"
    assert (error["kind"], error["line"]) == ("runtime", 7)
    assert "no such thing" in error["message"]
    assert "simpleError" in error["class"]
    assert [(frame["call"], frame["line"]) for frame in error["traceback"]] == [
        ("f()", 7),
        ('stop("no such thing")', 4),
    ]
    assert envelope["retryable"] is False


def test_a_parse_error_names_the_line_and_the_column(deployed):
    envelope = deployed.run("x <- 1\ny <- 2 2\nplot(x)")
    error = envelope["error"]
    assert envelope["status"] == "failed"
    assert (error["kind"], error["line"], error["column"]) == ("parse", 2, 8)
    assert envelope["charts"] == []


@pytest.mark.parametrize(("end", "status"), [("", "completed"), ("repeat {}", "exceeded")])
def test_the_usage_tells_what_a_run_took_however_it_ends(deployed, end, status):
    code = f"""
        x <- rep(1, 4e7)
        cat(strrep("x", 5000))
        flush(stdout())
        writeBin(raw(70000), "a.bin")
        while (sum(proc.time()[1:2]) < 0.5) {{}}
        {end}
    """
    envelope = deployed.run(code, limits={"wallSeconds": 3})
    usage = envelope["usage"]
    assert envelope["status"] == status
    assert 300e6 < usage["peakMemoryBytes"] < 400e6
    assert usage["bytesWritten"] == 75_000
    assert 300 <= usage["cpuMs"] <= 4000
    assert usage["wallMs"] >= usage["phases"]["runMs"] >= 300


def test_what_was_finished_before_an_error_is_kept(deployed):
    code = "cat('before\\n')\nplot(1:3)\nwarning('careful')\nwriteLines('a', 'a.txt')\nstop('late')"
    envelope = deployed.run(code)
    assert envelope["status"] == "failed"
    assert envelope["stdout"]["text"] == "before\n"
    assert picture(inline_bytes(envelope["charts"][0])).size == (1600, 1000)
    assert inline_bytes(envelope["files"][0]) == b"a\n"
    assert [condition["message"] for condition in envelope["conditions"]] == ["careful"]


@pytest.mark.parametrize("code", ["repeat Sys.sleep(1)", "try(repeat {})\nrepeat {}"])
def test_a_script_that_runs_too_long_exceeds_the_wall_limit(deployed, code):
    envelope = deployed.run(f"cat('begun\\n')\nflush(stdout())\n{code}", limits={"wallSeconds": 1})
    assert envelope["status"] == "exceeded"
    assert envelope["limit"]["name"] == "wall"
    assert envelope["error"]["kind"] == "limit"
    assert envelope["stdout"]["text"] == "begun\n"
    assert 900 <= envelope["usage"]["wallMs"] < 3000


def test_a_script_that_computes_too_long_exceeds_the_cpu_limit(deployed):
    envelope = deployed.run("repeat {}", limits={"wallSeconds": 10, "cpuSeconds": 1})
    assert envelope["status"] == "exceeded"
    assert envelope["limit"]["name"] == "cpu"
    assert "raise limits.cpuSeconds" in envelope["error"]["message"]
    assert envelope["usage"]["wallMs"] < 8000


def test_a_script_that_takes_too_much_memory_exceeds_the_memory_limit(deployed):
    envelope = deployed.run("x <- numeric(3e8)", limits={"memoryMB": 64})
    assert envelope["status"] == "exceeded"
    assert envelope["limit"]["name"] == "memory"
    assert envelope["error"]["line"] == 1


@pytest.mark.parametrize("status", [3, 65, 70])
def test_a_script_that_quits_with_a_status_failed_with_it(deployed, status):
    envelope = deployed.run(f"cat('bye\\n')\nplot(1)\nquit(status = {status})\nplot(2)")
    assert envelope["status"] == "failed"
    assert (envelope["error"]["kind"], envelope["error"]["exitCode"]) == ("runtime", status)
    assert envelope["error"]["line"] == 3
    assert envelope["stdout"]["text"] == "bye\n"
    assert len(envelope["charts"]) == 1


def test_a_process_that_exits_without_a_word_is_killed(deployed):
    envelope = deployed.run("dyn.load(Sys.glob('/usr/lib/*/libc.so.6')[1])\ninvisible(.C('_exit', 0L))")
    assert (envelope["status"], envelope["error"]["kind"]) == ("killed", "killed")
    assert "exitCode" in envelope["error"]


def test_a_script_that_dies_of_a_signal_is_killed(deployed):
    envelope = deployed.run("tools::pskill(Sys.getpid(), 9)\nSys.sleep(5)")
    assert envelope["status"] == "killed"
    assert envelope["error"]["signal"] == "SIGKILL"
    assert envelope["limit"] is None


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("tools::pskill(Sys.getpid(), 24)", "SIGXCPU"),
        ("message('std::bad_alloc')\ntools::pskill(Sys.getpid(), 6)", "SIGABRT"),
    ],
)
def test_a_script_that_makes_believe_a_limit_ended_it_is_killed(deployed, code, name):
    envelope = deployed.run(f"{code}\nSys.sleep(5)")
    assert (envelope["status"], envelope["limit"]) == ("killed", None)
    assert envelope["error"]["signal"] == name


@pytest.mark.parametrize(("megabytes", "status"), [(64, "exceeded"), (400, "completed")])
def test_a_script_grows_by_its_own_limit_and_not_by_what_a_spare_has_besides(deployed, megabytes, status):
    envelope = deployed.run("x <- lapply(1:90, function(i) rep(1, 131072))", limits={"memoryMB": megabytes})
    assert envelope["status"] == status


def test_a_library_that_is_refused_a_thread_s_stack_exceeds_the_memory_limit(deployed):
    code = "x <- raw(60e6)\npng('a.png', type = 'cairo')\nplot(1)"
    envelope = deployed.run(code, limits={"memoryMB": 64})
    assert (envelope["status"], envelope["limit"]) == ("exceeded", {"name": "memory"})


@pytest.mark.parametrize("signal", [4, 5, 6])
def test_a_script_that_aborts_with_memory_to_spare_is_killed(deployed, signal):
    envelope = deployed.run(f"tools::pskill(Sys.getpid(), {signal})\nSys.sleep(5)", limits={"memoryMB": 64})
    assert (envelope["status"], envelope["limit"]) == ("killed", None)
    assert envelope["error"]["signal"] in ("SIGILL", "SIGTRAP", "SIGABRT")
