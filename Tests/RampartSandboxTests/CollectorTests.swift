import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A walk through a folder")
struct FolderWalkTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `finds files in order of their paths, whatever order the folder has`() throws {
        for name in ["b", "a/z", "a/b/c", "a0", "c"] { try folder.write("", to: name) }
        #expect(try walk().files.map(\.displayName) == ["a/b/c", "a/z", "a0", "b", "c"])
    }

    @Test func `keeps the first by path, and counts and names the rest`() throws {
        for number in 10..<60 { try folder.write("", to: "f\(number)") }
        let walk = try walk(mostFiles: 3)
        #expect(walk.files.map(\.displayName) == ["f10", "f11", "f12"])
        #expect(walk.leftOut.count == 47)
        #expect(walk.leftOut.first.map(\.name) == (13..<33).map { "f\($0)" })
        #expect(walk.leftOut.first.allSatisfy { $0.reason == .count })
        #expect(try self.walk(mostFiles: 0).leftOut.count == 50)
    }

    @Test func `goes no deeper than it is to`() throws {
        try folder.write("", to: "1/2/f")
        try folder.write("", to: "1/2/3/f")
        let walk = try walk(mostDepth: 2)
        #expect(walk.files.map(\.displayName) == ["1/2/f"])
        #expect(walk.leftOut.first.map(\.name) == ["1/2/3"])
        #expect(walk.leftOut.first.map(\.reason) == [.depth])
    }

    @Test func `leaves out what is neither file nor folder, and follows no link`() throws {
        try folder.write("", to: "real/f")
        try folder.perl(
            "symlink('real', 'link'); symlink('real/f', 'filelink'); symlink('/usr/share/doc/base-files', 'root'); symlink('gone', 'dangling')"
        )
        try Program.run("/usr/bin/mkfifo", ["fifo"], in: folder.path)
        let walk = try walk()
        #expect(walk.files.map(\.displayName) == ["real/f"])
        #expect(walk.leftOut.first.map(\.name) == ["dangling", "fifo", "filelink", "link", "root"])
        #expect(walk.leftOut.first.allSatisfy { $0.reason == .kind })
    }

    @Test func `repairs names that are no text`() throws {
        try folder.perl("open F, \">a\\xFF\" or die")
        let found = try #require(walk().files.first)
        #expect(found.displayName == "a\u{FFFD}")
        #expect(found.names == ["a\u{FFFD}"])
        #expect(found.path == [[0x61, 0xFF]])
    }

    @Test func `leaves out a folder that cannot be entered`() throws {
        try folder.write("", to: "closed/f")
        try folder.perl("chmod 0, 'closed'")
        // Nothing is closed to root.
        let isOpen = SystemCalls.user == 0
        #expect(try walk().files.map(\.displayName) == (isOpen ? ["closed/f"] : []))
        #expect(try walk().leftOut.first.map(\.name) == (isOpen ? [] : ["closed"]))
    }

    @Test func `holds no more than it keeps, however many entries there are`() async throws {
        // Names of four files, for making as many files as names can take a disk minutes.
        let making = """
            sub name { sprintf('%s-%07d', 'x' x 200, $_[0]) }
            for (1..200_000) {
                my $first = $_ - ($_ - 1) % 50_000;
                if ($_ == $first) { open F, '>', name($_) or die }
                else { link(name($first), name($_)) or die }
            }
            """
        try folder.perl(making)
        // A process of its own, for what other tests hold at the time is none of the walk's.
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            let own = ProcessInfo.processInfo.processIdentifier
            let before = try #require(ProcessStatus.residentBytes(of: own))
            let began = ContinuousClock.now
            var walk = FolderWalk(
                mostFiles: 64,
                mostDepth: 8,
                mostEntries: 200_000,
                inputs: [],
                until: began + .seconds(60)
            )
            walk.walk(try SystemCalls.openDirectory(path))
            print("a walk of 200000 entries took \(began.duration(to: .now))")
            let after = try #require(ProcessStatus.residentBytes(of: own))
            #expect(walk.files.count == 64)
            #expect(walk.leftOut.count == 200_000 - 64)
            // All names together would be 40 MB.
            #expect(after - before < 20 << 20)
        }
    }

    @Test func `counts a thousand entries where its time is over, and then ends`() throws {
        try folder.perl("for (1..1500) { open F, '>', $_ or die }")
        let walk = try walk(mostFiles: 10, until: .now)
        #expect(walk.files.count == 10)
        #expect(walk.leftOut.count == 990)
    }

    @Test func `tells inputs from files by the bytes of their paths`() throws {
        for name in ["\u{E9}", "e\u{301}", "d/\u{E9}"] { try folder.write("", to: name) }
        let walk = try walk(mostFiles: 1, inputs: [Array("\u{E9}".utf8)])
        #expect(walk.files.map(\.isInput) == [false, true])
        #expect(walk.files.map(\.displayName) == ["d/\u{E9}", "\u{E9}"])
        #expect(walk.leftOut.first.map(\.name) == ["e\u{301}"])
    }

    @Test func `looks at no more entries than it is to`() throws {
        for number in 0..<9 { try folder.write("", to: "d\(number % 3)/f\(number)") }
        // Three folders and nine files.
        for bound in 0...12 {
            let walk = try walk(mostFiles: 0, mostEntries: bound)
            #expect(walk.leftOut.count <= bound)
            #expect(walk.leftOut.count >= bound - 3)
        }
        #expect(try walk(mostFiles: 0, mostEntries: 13).leftOut.count == 9)
    }

    private func walk(
        mostFiles: Int = 64,
        mostDepth: Int = 8,
        mostEntries: Int = 200_000,
        inputs: Set<[UInt8]> = [],
        until end: ContinuousClock.Instant = .now + .seconds(60)
    ) throws -> FolderWalk {
        var walk = FolderWalk(
            mostFiles: mostFiles,
            mostDepth: mostDepth,
            mostEntries: mostEntries,
            inputs: inputs,
            until: end
        )
        walk.walk(try folder.open())
        return walk
    }
}

@Suite("The collector")
struct ArtifactCollectorTests {
    private let folder: TemporaryFolder
    private let scratch: ScratchDirectory

    init() throws {
        folder = try TemporaryFolder()
        scratch = try ScratchDirectory.make(in: folder)
    }

    @Test func `takes charts first and says what they are`() throws {
        try folder.write("<svg/>", to: "run/charts/chart-002.svg")
        try write(png(width: 640, height: 480), to: "run/charts/chart-001.png")
        try folder.write("<!doctype html>", to: "run/charts/chart-003.html")
        try folder.write("<!doctype html>", to: "run/charts/chart-004.html")
        try folder.write("a,b", to: "run/work/a.csv")
        let report = report([
            ["kind": "chart", "name": "chart-002.svg", "line": 4, "width": 1],
            ["kind": "chart", "name": "chart-004.html", "line": 5, "width": 400],
            ["kind": "chart", "name": "chart-001.png", "line": 3],
            [
                "kind": "description", "name": "chart-001.png", "alt": "Bars",
                "description": ["title": "T"],
            ],
            ["kind": "chart", "name": "../work/a.csv", "line": 9],
        ])
        let description = ChartDescription(["title": "T"])
        let collector = collect(.make(), report: report)
        #expect(
            collector.artifacts.map(\.name) == [
                "chart-001.png", "chart-002.svg", "chart-003.html", "chart-004.html", "a.csv",
            ]
        )
        #expect(collector.artifacts.map(\.mediaType) == [.png, .svg, .html, .html, .csv])
        #expect(
            collector.artifacts.map(\.role) == [
                .chart(width: 640, height: 480, line: 3, alt: "Bars", description: description),
                .chart(width: 1600, height: 1000, line: 4, alt: nil, description: nil),
                .chart(width: nil, height: nil, line: nil, alt: nil, description: nil),
                .chart(width: 400, height: nil, line: 5, alt: nil, description: nil),
                .file(picture: nil),
            ]
        )
    }

    @Test func `measures pictures among the files`() throws {
        try write(png(width: 640, height: 480), to: "run/work/a.png")
        let plain =
            "<svg width='504pt' height='72pt'><!-- \(String(repeating: "x", count: 9000)) --></svg>"
        try folder.write(plain, to: "run/work/b.svg")
        let late =
            "<?xml version='1.0'?><!-- \(String(repeating: "x", count: 300)) --><svg viewBox='0 0 30 20'/>"
        try folder.write(late, to: "run/work/c.svg")
        try folder.write("text", to: "run/work/d.txt")
        #expect(
            collect(.make()).artifacts.map(\.role) == [
                .file(picture: picture(640, 480)), .file(picture: picture(672, 96)),
                .file(picture: picture(30, 20)), .file(picture: nil),
            ]
        )
    }

    private func picture(_ width: Int, _ height: Int) -> PictureSize? {
        let head = png(width: width, height: height)
        return PictureSize(of: .png) { count, _ in Array(head.prefix(count)) }
    }

    private func report(_ frames: [JSONValue]) -> Report {
        var report = Report()
        for frame in frames { report.take(ReportFrame(frame)) }
        return report
    }

    @Test func `hashes the bytes, and has them until the run is tidied`() throws {
        try folder.write("hello", to: "run/work/sub dir/a.txt")
        let artifact = try #require(collect(.make()).artifacts.first)
        #expect(artifact.name == "sub_dir-a.txt")
        #expect(
            artifact.sha256 == "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
        )
        #expect(try artifact.content.readAll() == Array("hello".utf8))
        #expect(scratch.remove(until: .now + .seconds(60)))
        let fault = #expect(throws: Fault.self) { try artifact.content.readAll() }
        #expect(fault?.kind == .scratch)
    }

    @Test(arguments: ["sub/a.txt", "sub"])
    func `says so where another file has taken an artifact's place`(moved: String) throws {
        try folder.write("hello", to: "run/work/sub/a.txt")
        let artifact = try #require(collect(.make()).artifacts.first)
        try folder.perl("rename 'run/work/\(moved)', 'run/tmp/old' or die")
        try folder.write("HELLO", to: "run/work/sub/a.txt")
        let fault = #expect(throws: Fault.self) { try artifact.content.readAll() }
        #expect(fault?.cause == "it is another file")
    }

    @Test func `takes more files than a process may have open`() async {
        await #expect(processExitsWith: .exitCode(200)) {
            let folder = try TemporaryFolder()
            let scratch = try ScratchDirectory.make(in: folder)
            for number in 0..<200 { try folder.write("x", to: "run/work/d\(number)/f") }
            var limit = rlimit(rlim_cur: 64, rlim_max: 64)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            let job = Job.make(limits: .make { $0.files = 500 })
            var collector = ArtifactCollector(scratch, for: job, report: Report())
            collector.collect(until: .now + .seconds(60))
            exit(Int32(try collector.artifacts.filter { try $0.content.readAll() == [0x78] }.count))
        }
    }

    @Test func `says so where a file has become shorter`() throws {
        try folder.write("hello", to: "run/work/a.txt")
        let artifact = try #require(collect(.make()).artifacts.first)
        try folder.perl("truncate('run/work/a.txt', 2) or die")
        let fault = #expect(throws: Fault.self) { try artifact.content.readAll() }
        #expect(fault?.kind == .scratch)
    }

    @Test func `leaves inputs where the script did not change them`() throws {
        let inputs = ["same", "shorter", "other", "sub"].map {
            Job.File(name: $0, bytes: Array("input".utf8))
        }
        for input in inputs { try scratch.write(input) }
        try folder.perl(
            "for (['shorter', 'in'], ['other', 'INPUT']) { open F, '>', \"run/work/$$_[0]\"; print F $$_[1]; close F }"
        )
        try folder.write("input", to: "run/work/d/sub")
        let collector = collect(.make(inputs: inputs))
        #expect(collector.artifacts.map(\.name) == ["d-sub", "other", "shorter"])
        #expect(collector.leftOut.count == 0)
    }

    @Test(arguments: ["a", "z"])
    func `takes what a script made up to the limit, beside inputs that it did not change`(
        first: String
    ) throws {
        let inputs = (10..<20).map { Job.File(name: "\(first)\($0)", bytes: [1]) }
        for input in inputs { try scratch.write(input) }
        for number in 10..<14 { try folder.write("", to: "run/work/m\(number)") }
        let collector = collect(.make(inputs: inputs, limits: .make { $0.files = 3 }))
        #expect(collector.artifacts.map(\.name) == ["m10", "m11", "m12"])
        #expect(collector.leftOut.first.map(\.name) == ["m13"])
        #expect(collector.leftOut.first.map(\.reason) == [.count])
    }

    @Test func `counts inputs that the script changed`() throws {
        let inputs = ["a", "b", "c"].map { Job.File(name: $0, bytes: [1]) }
        for input in inputs { try scratch.write(input) }
        try folder.perl("for (qw(b c)) { open F, '>', \"run/work/$_\" }")
        try folder.write("", to: "run/work/m")
        let collector = collect(.make(inputs: inputs, limits: .make { $0.files = 2 }))
        #expect(collector.artifacts.map(\.name) == ["b", "c"])
        #expect(collector.leftOut.first.map(\.name) == ["m"])
    }

    @Test func `counts charts and files together`() throws {
        for number in 1...3 { try folder.write("<svg/>", to: "run/charts/c\(number)") }
        for number in 1...3 { try folder.write("", to: "run/work/f\(number)") }
        let collector = collect(.make(limits: .make { $0.files = 4 }))
        #expect(collector.artifacts.map(\.name) == ["c1", "c2", "c3", "f1"])
        #expect(collector.leftOut.count == 2)
    }

    @Test func `leaves out what is too large, alone or together`() throws {
        try folder.perl(
            "for (['a', 1048577], ['b', 1048576], ['c', 1048576], ['d', 1]) { open F, '>', \"run/work/$$_[0]\"; truncate(F, $$_[1]) or die }"
        )
        let limits = Limits.make {
            $0.fileMB = 1
            $0.outputMB = 1
        }
        let collector = collect(.make(limits: limits))
        #expect(collector.artifacts.map(\.name) == ["b"])
        #expect(collector.leftOut.first.map(\.name) == ["a", "c", "d"])
        #expect(collector.leftOut.first.allSatisfy { $0.reason == .size })
    }

    @Test func `counts what a file takes of the disk behind its end`() throws {
        let input = Job.File(name: "input", bytes: [1])
        try scratch.write(input)
        // fallocate(2) with FALLOC_FL_KEEP_SIZE.
        try folder.perl(
            "for ('empty', 'input') { open F, '>>', \"run/work/$_\"; syscall(285, fileno(F), 1, 0, 2 << 20) == 0 or die $! }"
        )
        let collector = collect(.make(inputs: [input], limits: .make { $0.fileMB = 1 }))
        #expect(collector.artifacts.isEmpty)
        #expect(collector.leftOut.first.map(\.name) == ["empty", "input"])
        #expect(collector.leftOut.first.allSatisfy { $0.reason == .size })
        #expect(collector.foundBytes >= 4 << 20)
    }

    @Test func `counts a file that takes no more of the disk than it must by its size`() throws {
        try folder.write("hello", to: "run/work/a.txt")
        try folder.perl("open F, '>', 'run/work/holes'; truncate(F, 1 << 20) or die")
        #expect(collect(.make()).foundBytes == 5 + (1 << 20))
    }

    @Test func `takes nothing but regular files with one link`() throws {
        try folder.write("secret", to: "secret")
        try folder.perl(
            "link('secret', 'run/work/hard') or die; symlink('../../secret', 'run/work/soft'); symlink('/etc/passwd', 'run/charts/chart-001.png')"
        )
        try Program.run(
            "/usr/bin/mkfifo",
            ["run/work/fifo", "run/charts/fifo.png"],
            in: folder.path
        )
        let collector = collect(.make())
        #expect(collector.artifacts.isEmpty)
        #expect(
            collector.leftOut.first.map(\.name) == [
                "chart-001.png", "fifo", "fifo.png", "hard", "soft",
            ]
        )
        #expect(collector.leftOut.first.allSatisfy { $0.reason == .kind })
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `takes nothing of another user's`() throws {
        try folder.write("foreign", to: "run/work/foreign")
        try SystemCalls.give("\(scratch.path)/work/foreign", to: 60_599)
        #expect(collect(.make()).leftOut.first.map(\.reason) == [.kind])
    }

    @Test(arguments: [
        "rmdir 'run/charts'; rmdir 'run/work'", "rmdir 'run/work'; symlink('/etc', 'run/work')",
    ])
    func `finds nothing in folders that the script destroyed`(making: String) throws {
        try folder.perl(making)
        let collector = collect(.make())
        #expect(collector.artifacts.isEmpty)
        #expect(collector.leftOut.count == 0)
    }

    @Test func `keeps nothing where its time is over, and counts what there is`() throws {
        let inputs = ["same", "longer"].map { Job.File(name: $0, bytes: [1]) }
        for input in inputs { try scratch.write(input) }
        try folder.perl("open F, '>>', 'run/work/longer'; print F 'more'; close F")
        try folder.write("<svg/>", to: "run/charts/chart-001.svg")
        try folder.write("a,b", to: "run/work/d/a.csv")
        let collector = collect(.make(inputs: inputs), until: .now)
        #expect(collector.artifacts.isEmpty)
        #expect(collector.leftOut.count == 3)
        #expect(
            collector.leftOut.first.map(\.name) == ["chart-001.svg", "d/a.csv", "longer"]
        )
        #expect(collector.leftOut.first.allSatisfy { $0.reason == .count })
    }

    private func collect(
        _ job: Job,
        report: Report = Report(),
        until end: ContinuousClock.Instant = .now + .seconds(60)
    ) -> ArtifactCollector {
        var collector = ArtifactCollector(scratch, for: job, report: report)
        collector.collect(until: end)
        return collector
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try SystemCalls.write(bytes, toNewFile: "\(folder.path)/\(name)", mode: 0o600)
    }

    private func png(width: Int, height: Int) -> [UInt8] {
        let words = [width, height].flatMap { number in
            (0..<4).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
        }
        let start: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13]
        // A file without its last chunk is taken for one that its device still holds.
        let end: [UInt8] = [0, 0, 0, 0] + Array("IEND".utf8) + [0xAE, 0x42, 0x60, 0x82]
        return start + Array("IHDR".utf8) + words + end
    }
}

@Suite("The folder store")
struct FolderStoreTests {
    @Test func `writes what was collected, below its prefix`() throws {
        let folder = try TemporaryFolder()
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.write("hello", to: "run/work/a.txt")
        var collector = ArtifactCollector(scratch, for: .make(), report: Report())
        collector.collect(until: .now + .seconds(60))
        let out = "\(folder.path)/out"
        let outcome = FolderStore(out).store(collector.artifacts, under: "x/", until: .now)
        #expect(outcome.locations == [.path("\(out)/x/a.txt")])
        #expect(try String(contentsOfFile: "\(out)/x/a.txt", encoding: .utf8) == "hello")
    }

    @Test func `says what it could not write`() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "out")
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.write("hello", to: "run/work/a.txt")
        var collector = ArtifactCollector(scratch, for: .make(), report: Report())
        collector.collect(until: .now + .seconds(60))
        let outcome = FolderStore("\(folder.path)/out").store(
            collector.artifacts,
            under: "",
            until: .now
        )
        #expect(outcome.locations == [nil])
        #expect(outcome.failure?.code == "WriteFailed")
        #expect(outcome.failure?.isTransient == false)
    }
}
