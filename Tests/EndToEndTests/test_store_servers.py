"""The stores, each against a real one: what lies there is what the envelope says, and only that."""

import hashlib
from pathlib import Path

import pytest
from support.command import rampart
from support.envelope import expect_same, inline_bytes
from support.function import function
from support.processes import family
from support.store import BUCKET

#: A chart, and files whose names the rule must change: a folder, a blank, two that become one.
CODE = """
    plot(1:3)
    dir.create('a b')
    writeLines('one', 'a b/c.txt')
    writeLines('two', 'a_b-c.txt')
    writeLines('<html></html>', 'page.html')
"""
NAMES = {"a_b-c.txt", "a_b-c-2.txt", "page.html"}


@pytest.fixture(scope="module", params=["s3", "moto"])
def server(request):
    return request.getfixturevalue(request.param)


def test_every_object_lies_where_the_envelope_says(server, tmp_path):
    with function(tmp_path, **server.settings()) as running:
        envelope = running.invoke({"code": CODE, "store": {"prefix": "runs/42/"}})
    artifacts = envelope["charts"] + envelope["files"]
    assert {artifact["name"] for artifact in artifacts} == {"chart-001.png", *NAMES}
    for artifact in artifacts:
        location = artifact["location"]
        assert (location["bucket"], location["key"]) == (BUCKET, f"charts/runs/42/{artifact['name']}")
        data = server.read(location)
        expect_same(artifact, data)
        assert location["etag"] == hashlib.md5(data).hexdigest()


def test_an_object_keeps_what_is_said_of_it(moto, tmp_path):
    with function(tmp_path, **moto.settings()) as running:
        envelope = running.invoke({"code": CODE})
    heads = {artifact["name"]: moto.head(artifact["location"]) for artifact in envelope["files"]}
    # Two names became one; which of them had to give way is the order of the folder.
    originals = [head["Metadata"]["original-name"] for head in heads.values() if head["Metadata"]]
    assert set(originals) - {"a_b-c.txt"} == {"a%20b/c.txt"}
    assert heads["page.html"]["Metadata"] == {}
    page = heads["page.html"]
    assert (page["ContentType"], page["CacheControl"]) == ("text/html", "private, no-cache")
    assert page["ContentDisposition"] == 'attachment; filename="page.html"'


@pytest.mark.desk
def test_all_stores_say_the_same_in_the_envelope(s3, tmp_path):
    event = {"code": CODE, "store": {"prefix": "same/"}}
    with function(tmp_path / "function", **s3.settings()) as running:
        stored = running.invoke(event)
        inline = running.invoke({**event, "store": {"inline": True}})
    script = tmp_path / "script.R"
    script.write_text(CODE)
    local = rampart("run", script, "--output", tmp_path / "out", "--json").envelope
    for artifact in local["files"]:
        expect_same(artifact, Path(artifact["location"]["path"]).read_bytes())
    for artifact in inline["files"]:
        inline_bytes(artifact)
    assert without_places(stored) == without_places(inline) == without_places(local)


def without_places(envelope: dict) -> dict:
    """An envelope but for where its artifacts are, and what differs between any two runs."""
    own = {"requestId", "usage", "confinement", "engine"}
    kept = {name: value for name, value in envelope.items() if name not in own}
    for kind in ("charts", "files"):
        kept[kind] = [{**artifact, "location": artifact["location"] is not None} for artifact in kept[kind]]
    return kept


def test_without_a_prefix_the_request_is_the_folder(s3, tmp_path):
    with function(tmp_path, **s3.settings(), RAMPART_PREFIX="there/") as running:
        envelope = running.invoke({"code": "plot(1)"})
    key = envelope["charts"][0]["location"]["key"]
    assert key == f"there/{envelope['requestId']}/chart-001.png"


def test_a_thousand_uploads_leave_the_host_as_it_was(s3, tmp_path):
    code = "for (i in 1:200) writeLines(paste(i), sprintf('%03d.txt', i))"
    with function(tmp_path, **s3.settings(), RAMPART_FILES="200") as running:
        sizes = []
        for number in range(6):
            envelope = running.invoke({"code": code, "store": {"prefix": f"many/{number}/"}})
            assert sum(file["location"] is not None for file in envelope["files"]) == 200
            host = next(pid for pid, _ in family(running.pid) if is_host(pid))
            sizes.append((len(list(Path(f"/proc/{host}/fd").iterdir())), resident_megabytes(host)))
    (descriptors, megabytes), *later = sizes[1:]
    assert [count for count, _ in later] == [descriptors] * 4
    assert max(size for _, size in later) <= megabytes + 4


def is_host(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].endswith(b"/rampart")


def resident_megabytes(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * 4096 / 1e6
