"""What a script prints and signals reaches the caller: whole, in order, bounded, and valid."""


def test_stdout_and_stderr_are_told_apart(deployed):
    envelope = deployed.run("cat('out\\n')\ncat('err\\n', file = stderr())\nprint('done')")
    assert envelope["stdout"] == {"text": 'out\n[1] "done"\n', "bytes": 15, "truncated": False, "omitted": 0}
    assert envelope["stderr"]["text"] == "err\n"


def test_visible_values_are_printed_and_invisible_ones_are_not(deployed):
    envelope = deployed.run("x <- 1\nx\ninvisible(2)\n(3)")
    assert envelope["stdout"]["text"] == "[1] 1\n[1] 3\n"


def test_long_text_keeps_its_beginning_and_its_end(deployed):
    envelope = deployed.run("cat('first\\n')\nfor (i in 1:3000) cat(strrep('x', 99), '\\n', sep = '')\ncat('last\\n')")
    stdout = envelope["stdout"]
    assert envelope["status"] == "completed"
    assert (stdout["bytes"], stdout["truncated"]) == (300_011, True)
    assert stdout["text"].startswith("first\n")
    assert stdout["text"].endswith("last\n")
    gap = f"\n[{stdout['omitted']} bytes omitted]\n"
    assert gap in stdout["text"]
    assert len(stdout["text"].replace(gap, "")) == 300_011 - stdout["omitted"]
    assert 63 * 1024 < len(stdout["text"].encode()) <= 64 * 1024


def test_bytes_that_are_not_utf8_do_not_spoil_the_envelope(deployed):
    envelope = deployed.run(r"cat('caf\xe9 \x01 \xf0\x9f\n'); cat('日本語 😀\n')")
    text = envelope["stdout"]["text"]
    assert text.startswith("caf")
    assert text.endswith("日本語 😀\n")


def test_warnings_and_messages_carry_their_lines(deployed):
    envelope = deployed.run("x <- 1\nwarning('careful')\nas.integer('a')\nmessage('by the way')")
    told = [(kind["kind"], kind["line"], kind["message"].strip()) for kind in envelope["conditions"]]
    assert envelope["status"] == "completed"
    assert told == [
        ("warning", 2, "careful"),
        ("warning", 3, "NAs introduced by coercion"),
        ("message", 4, "by the way"),
    ]
