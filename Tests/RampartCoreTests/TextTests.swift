import Testing

@testable import RampartCore

@Suite("Captured text")
struct CapturedTextTests {
    @Test(arguments: [
        (Array("plain é🙂".utf8), "plain é🙂"), ([], ""), ([0x61, 0xFF, 0x62], "a\u{FFFD}b"),
        ([0xED, 0xA0, 0x80], "\u{FFFD}\u{FFFD}\u{FFFD}"), ([0xC0, 0xAF], "\u{FFFD}\u{FFFD}"),
        ([0, 7, 0x1B], "\u{0}\u{7}\u{1B}"),
        // A character that the script itself did not finish is its own doing.
        ([0x61, 0xC3], "a\u{FFFD}"),
    ])
    func `is valid UTF-8 whatever was printed`(kept: [UInt8], text: String) {
        let captured = CapturedText(kept: kept, bytes: kept.count)
        #expect(captured.text == text)
        #expect(captured.bytes == kept.count)
        #expect(!captured.truncated)
    }

    @Test(arguments: ["é", "€", "🙂"])
    func `leaves out a character that its cap cuts in two`(character: String) {
        let bytes = Array("ab\(character)".utf8)
        for count in 2..<bytes.count {
            let captured = CapturedText(kept: Array(bytes.prefix(count)), bytes: bytes.count)
            #expect(captured.beginning == "ab")
            #expect(captured.truncated)
        }
        #expect(CapturedText(kept: bytes, bytes: bytes.count + 1).beginning == "ab\(character)")
    }

    @Test func `is cut short without harm where only half characters were printed`() {
        let captured = CapturedText(kept: [0x80, 0x80, 0x80, 0x80], bytes: 5)
        #expect(captured.beginning == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
    }

    @Test func `says how much there was`() {
        #expect(
            CapturedText(kept: Array("ab".utf8), tail: Array("z".utf8), bytes: 9).json == [
                "text": "ab\n[6 bytes omitted]\nz", "bytes": 9, "truncated": true, "omitted": 6,
            ]
        )
        #expect(
            CapturedText().json == ["text": "", "bytes": 0, "truncated": false, "omitted": 0]
        )
    }

    @Test(arguments: ["é", "€", "🙂"])
    func `begins its end with a whole character`(character: String) {
        let bytes = Array("\(character)yz".utf8)
        for count in 2..<bytes.count {
            let tail = Array(bytes.suffix(count))
            let captured = CapturedText(kept: [0x61], tail: tail, bytes: 9)
            #expect(captured.end == "yz")
            #expect(captured.omitted == 6)
        }
        #expect(CapturedText(kept: [], tail: bytes, bytes: 9).end == "\(character)yz")
    }

    @Test func `is whole where the beginning and the end meet`() {
        let captured = CapturedText(kept: [0x61, 0xC3], tail: [0xA9], bytes: 3)
        #expect(captured.text == "aé")
        #expect(!captured.truncated)
    }

    @Test(
        arguments: ["plain é🙂 text", "\u{1}\u{2}\u{3}\u{4}\u{5}", "\"\\\n"],
        [0, 200, 400, 5000]
    )
    func `fits when it is cut, at both ends`(piece: String, most: Int) {
        let bytes = Array(String(repeating: piece, count: 2000).utf8)
        let cut = CapturedText(kept: bytes, bytes: bytes.count).cut(toEncoded: most)
        #expect(
            JSONValue.string(cut.text).encoded().count <= max(most, 2 * CapturedText.mostGapBytes)
        )
        #expect(cut.beginning.utf8.count + cut.end.utf8.count + cut.omitted == bytes.count)
        #expect(most < 400 || (!cut.beginning.isEmpty && !cut.end.isEmpty))
    }
}

@Suite("A transcript")
struct TranscriptTests {
    @Test func `joins what one stream printed and keeps the order of events`() {
        var transcript = Transcript()
        transcript.take(["kind": "source", "line": 1, "text": "x", "secret": 1])
        transcript.take(Array("a".utf8), from: .stdout)
        transcript.take(Array("b".utf8), from: .stdout)
        transcript.take(Array("c".utf8), from: .stderr)
        transcript.take(["kind": "end", "status": "completed"])
        transcript.take(Array("d".utf8), from: .stderr)
        transcript.take(["kind": "value", "value": ["class": ["a"]]])
        transcript.take(Array("e".utf8), from: .stdout)
        #expect(
            transcript.json == [
                ["kind": "source", "line": 1, "text": "x"], ["kind": "stdout", "text": "ab"],
                ["kind": "stderr", "text": "cd"],
                ["kind": "value", "value": .encoded(EncodedJSON(["class": ["a"]]))],
                ["kind": "stdout", "text": "e"],
            ]
        )
    }

    @Test func `is read without being changed`() {
        var transcript = Transcript()
        transcript.take(Array("a".utf8), from: .stdout)
        #expect(transcript.json == transcript.json)
        transcript.take(Array("b".utf8), from: .stdout)
        #expect(transcript.json == [["kind": "stdout", "text": "ab"]])
    }

    @Test func `joins a character that two reads cut in two`() {
        var transcript = Transcript()
        transcript.take([0xC3], from: .stdout)
        transcript.take([0xA9, 0xFF], from: .stdout)
        #expect(transcript.json == [["kind": "stdout", "text": "é\u{FFFD}"]])
    }

    @Test func `keeps a thousand entries and says that it was cut`() {
        var transcript = Transcript()
        for line in 0..<1000 { transcript.take(["kind": "source", "line": .integer(Int64(line))]) }
        #expect(transcript.json.count == 1000)
        transcript.take(["kind": "source", "line": 1000])
        #expect(transcript.json.count == 1001)
        #expect(transcript.json.last == ["kind": "truncated"])
    }

    @Test func `keeps 128 KiB of text and says that it was cut`() throws {
        var transcript = Transcript()
        for _ in 0..<3 { transcript.take([UInt8](repeating: 0x61, count: 64 << 10), from: .stdout) }
        let entries = transcript.json
        #expect(entries.count == 2)
        #expect(entries[0]["text"]?.stringValue?.utf8.count == 128 << 10)
        #expect(entries[1] == ["kind": "truncated"])
    }
}

@Suite("An artifact's name")
struct ArtifactNameTests {
    @Test(arguments: [
        (["a.csv"], "a.csv"), (["Ab9._-"], "Ab9._-"), (["a", "b", "c.png"], "a-b-c.png"),
        (["a b"], "a_b"),
        (["é"], "__"), ([".hidden"], "_hidden"), (["..", "..", "etc"], "______etc"),
        (["--x"], "__x"), ([""], "_"),
        ([], "_"), (["a\u{0}\n\"/\\"], "a_____"), (["<script>"], "_script_"),
        // What is too long keeps its end.
        (
            [String(repeating: "a", count: 200) + ".csv"],
            String(repeating: "a", count: 124) + ".csv"
        ),
        (["x." + String(repeating: "a", count: 127)], "_" + String(repeating: "a", count: 127)),
    ])
    func `is made of harmless bytes`(path: [String], name: String) {
        var names = ArtifactName()
        #expect(names.claim(path) == name)
    }

    @Test func `gets a number before its extension where it is taken, whatever its case`() {
        var names = ArtifactName()
        let claimed = [["a.csv"], ["A.csv"], ["a-2.csv"], ["a.csv"], ["b"], ["b"], [".c"], ["_c"]]
            .map { names.claim($0) }
        #expect(claimed == ["a.csv", "A-2.csv", "a-2-2.csv", "a-3.csv", "b", "b-2", "_c", "_c-2"])
    }
}

@Suite("A media type")
struct MediaTypeTests {
    @Test(arguments: [
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0], "x.csv", MediaType.png),
        ([0xFF, 0xD8, 0xFF, 0xE0], "a", .jpeg),
        (Array("GIF89a".utf8), "a", .gif), (Array("RIFF1234WEBPVP8".utf8), "a", .webp),
        (Array("RIFF1234WAVE".utf8), "a", .text),
        ([0x49, 0x49, 0x2A, 0], "a", .tiff), ([0x4D, 0x4D, 0, 0x2A], "a", .tiff),
        (Array("%PDF-1.4".utf8), "a.txt", .pdf),
        ([0x50, 0x4B, 3, 4], "a.xlsx", .zip), ([0x1F, 0x8B, 8], "a.csv.gz", .gzip),
        (Array("PAR1".utf8), "a", .parquet),
        (Array("<svg xmlns=''/>".utf8), "a.png", .svg),
        (Array(" <?xml version='1.0'?>\n<!-- x -->\n<svg>".utf8), "a", .svg),
        (Array("<?xml version='1.0'?><kml>".utf8), "a", .xml),
        (Array("<?xml version='1.0'?>\n<!DOCTYPE html><html>".utf8), "a", .html),
        (Array("BM".utf8) + [0x36, 0x10, 0, 0, 0, 0, 0, 0, 0x36], "a", .bmp),
        (Array("BMI,weight\n".utf8), "a.csv", .csv), (Array("BM".utf8), "a", .text),
        (Array("%!PS-Adobe-3.0 EPSF-3.0\n".utf8), "a.txt", .postscript),
        ([0xC5, 0xD0, 0xD3, 0xC6, 0x20], "a.eps", .postscript),
        (Array("\n<!DOCTYPE HTML><svg>".utf8), "a.csv", .html),
        (Array("<html>".utf8), "a", .html), (Array("a,b".utf8), "A.CSV", .csv),
        (Array("a\tb".utf8), "a.tsv", .tsv),
        (Array("{}".utf8), "a.json", .json), (Array("{}".utf8), "a.geojson", .json),
        (Array("{}".utf8), "a", .text),
        ([], "empty.csv", .csv), ([], "empty", .text), (Array("a\u{0}b".utf8), "a.csv", .binary),
        ([0x61, 0xFF, 0x62], "a.csv", .binary),
        // A name alone makes no picture.
        (Array("text".utf8), "a.png", .text), (Array("text".utf8), "a.html", .text),
    ])
    func `is told by content, and by the name only between kinds of text`(
        head: [UInt8],
        name: String,
        type: MediaType
    ) {
        #expect(MediaType(head: head, name: name) == type)
    }

    @Test func `is text though the head ends within a character`() {
        let text = Array(String(repeating: "é", count: 600).utf8)
        let head = [0x61] + text.prefix(MediaType.headBytes - 1)
        #expect(MediaType(head: head, name: "a.csv") == .csv)
        #expect(MediaType(head: [0x61, 0xC3], name: "a.csv") == .binary)
    }
}
