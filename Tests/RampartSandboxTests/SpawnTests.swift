import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A program that the host starts")
struct SpawnTests {
    @Test func `has the descriptors that it is given and no other`() throws {
        // One without close-on-exec, such as a library might leave.
        let stray = try FileDescriptor.open(FilePath("/dev/null"), .readOnly)
        defer { try? stray.close() }
        let said = try run(
            "n=0; while [ $n -lt 100 ]; do [ -e /proc/self/fd/$n ] && echo $n; n=$((n+1)); done"
        )
        #expect(stray.rawValue < 100)
        #expect(said.split(separator: "\n") == ["0", "1", "2", "3"])
    }

    @Test func `has exactly the environment that it is given`() throws {
        let (pid, output, _) = try spawn("/usr/bin/env", ["env"], ["A=1", "B=two words", "C="])
        #expect(try output.readToEnd() == "A=1\nB=two words\nC=\n")
        #expect(SystemCalls.reap(pid) == .code(0))
    }

    @Test func `leads a session of its own, with signals as a login leaves them`() throws {
        // Ignored in this process, and so in an ordinary child.
        _ = signal(SIGUSR2, SIG_IGN)
        let said = try run(
            "read -r stat < /proc/self/stat; set -- $stat; echo $(($6 == $$)); "
                + "while read -r name value; do case $name in SigIgn:|SigBlk:) echo $value;; esac; done < /proc/self/status"
        )
        let words = said.split(separator: "\n")
        #expect(words.first == "1")
        // Signals 32 and 33 are the C library's own.
        let masks = words.dropFirst().map { (UInt64($0, radix: 16) ?? .max) & 0x7FFF_FFFF }
        #expect(masks == [0, 0])
    }

    @Test(arguments: [(300, "300"), (0, nil)] as [(Int32, String?)])
    func `is taken before the host where memory runs out`(adjustment: Int32, score: String?) throws
    {
        let own = try String(contentsOfFile: "/proc/self/oom_score_adj", encoding: .utf8)
        let said = try run(
            "read -r score < /proc/self/oom_score_adj; echo $score",
            adjustment: adjustment
        )
        #expect(said == "\(score ?? own.trimmingCharacters(in: .newlines))\n")
    }

    @Test func `reports the errno of an exec that fails`() throws {
        let folder = try TemporaryFolder()
        try folder.write("no program", to: "text")
        let error = #expect(throws: Errno.self) { try spawn("\(folder.path)/text", []) }
        #expect(error == .execFormatError)
        let missing = #expect(throws: Errno.self) {
            try SystemCalls.openImage("\(folder.path)/none")
        }
        #expect(missing == .noSuchFileOrDirectory)
    }

    @Test(arguments: [
        ("/nowhere/program", Errno.noSuchFileOrDirectory), ("/etc/passwd", .permissionDenied),
    ])
    func `reports it too where it has the host's own environment`(path: String, expected: Errno) {
        let error = #expect(throws: Errno.self) { try ChildProgram(path, arguments: []) }
        #expect(error == expected)
    }

    @Test func `is made from a copy that nobody may read`() throws {
        let (image, isShielded) = try SystemCalls.openImage("/bin/sh")
        #expect(isShielded)
        let status = try SystemCalls.status(of: image)
        #expect(status.isRegular)
        // The host may read what it has open; nobody else can open it to be read.
        #expect(SystemCalls.mark(of: image).map { $0.mode & 0o777 } == 0o111)
    }

    @Test func `ends when its host lets go of it`() throws {
        var child: ChildProgram? = try ChildProgram("/bin/sleep", arguments: ["600"])
        #expect(child?.hasDied == false)
        child = nil
        let short = try ChildProgram("/bin/true", arguments: [])
        while !short.hasDied { sched_yield() }
        #expect(short.hasDied)
    }

    private func run(
        _ script: String,
        environment: [String] = [],
        adjustment: Int32 = 0
    ) throws -> String {
        let (pid, output, control) = try spawn(
            "/bin/sh",
            ["sh", "-c", script],
            environment,
            adjustment
        )
        let said = try output.readToEnd()
        #expect(SystemCalls.reap(pid) == .code(0))
        _ = control
        return said
    }

    private func spawn(
        _ path: String,
        _ arguments: [String],
        _ environment: [String] = [],
        _ adjustment: Int32 = 0
    ) throws -> (pid: pid_t, output: OwnedDescriptor, control: OwnedDescriptor) {
        let sockets = try SystemCalls.socketPair()
        let pipe = try SystemCalls.outputPipe()
        let pid = try SystemCalls.spawn(
            SystemCalls.openImage(path).image,
            arguments: arguments,
            environment: environment,
            control: sockets.1,
            output: pipe.write,
            oomScoreAdjustment: adjustment
        )
        return (pid, pipe.read, sockets.0)
    }
}
