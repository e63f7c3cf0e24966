import CSandbox
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
        // A descriptor that names the file and cannot read it.
        let error = #expect(throws: Errno.self) { try SystemCalls.read(image, upTo: 1, at: 0) }
        #expect(error == .badFileDescriptor)
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

@Suite("A control message")
struct ControlMessageTests {
    private let near: OwnedDescriptor
    private let far: OwnedDescriptor

    init() throws { (near, far) = try SystemCalls.socketPair() }

    @Test func `arrives whole`() throws {
        try SystemCalls.send(rampart_reap(kind: 4, pid: 77), over: near, timeout: .zero)
        var message = rampart_reap()
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        #expect(message.kind == 4)
        #expect(message.pid == 77)
    }

    @Test func `is waited for only as long as its bound`() {
        var message = rampart_reap()
        let error = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .milliseconds(1))
        }
        #expect(error == .timedOut)
    }

    @Test func `finds room within its bound, or is not sent`() {
        let error = #expect(throws: Errno.self) {
            while true { try SystemCalls.send(rampart_prepared(), over: near, timeout: .zero) }
        }
        #expect(error == .timedOut)
    }

    @Test func `is refused where it has another size`() throws {
        var message = rampart_reap()
        try SystemCalls.send(rampart_ack(kind: 1), over: near, timeout: .zero)
        let smaller = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .zero)
        }
        #expect(smaller == .badMessage)
        try SystemCalls.send(rampart_prepared(), over: near, timeout: .zero)
        let larger = #expect(throws: Errno.self) {
            try SystemCalls.receive(into: &message, from: far, timeout: .zero)
        }
        #expect(larger == .messageTooLong)
        // And the one after it is none the worse.
        try SystemCalls.send(rampart_reap(kind: 4, pid: 5), over: near, timeout: .zero)
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        #expect(message.pid == 5)
    }

    @Test func `is nothing at the end of the stream`() throws {
        var (one, other): (OwnedDescriptor?, OwnedDescriptor) = try SystemCalls.socketPair()
        #expect(one != nil)
        one = nil
        var message = rampart_reap()
        #expect(try !SystemCalls.receive(into: &message, from: other, timeout: .zero))
        #expect(try SystemCalls.receive(upTo: 10, from: other) == [])
        let error = #expect(throws: Errno.self) {
            try SystemCalls.send(message, over: other, timeout: .zero)
        }
        #expect(error == .brokenPipe)
    }

    @Test(arguments: [1, 3, 8])
    func `brings descriptors that the host closes`(count: Int) throws {
        var pipes = try (0..<count).map { _ in try SystemCalls.outputPipe() }
        let readers = pipes.map(\.read)
        try SystemCalls.send(
            rampart_ack(kind: 1),
            over: near,
            with: pipes.map(\.write),
            timeout: .zero
        )
        pipes = []
        // In flight they are open.
        #expect(
            try SystemCalls.wait(for: readers, until: .now)
                == [Bool](repeating: false, count: count)
        )
        var message = rampart_ack()
        #expect(try SystemCalls.receive(into: &message, from: far, timeout: .zero))
        for reader in readers {
            guard case .end = try SystemCalls.read(reader, upTo: 1) else {
                Issue.record("a descriptor is open still")
                return
            }
        }
    }

    @Test func `brings eight descriptors at most`() throws {
        let pipe = try SystemCalls.outputPipe()
        let error = #expect(throws: Errno.self) {
            try SystemCalls.send(
                rampart_ack(),
                over: near,
                with: [OwnedDescriptor](repeating: pipe.write, count: 9),
                timeout: .zero
            )
        }
        #expect(error == .invalidArgument)
    }
}

@Suite("A message from R")
struct WireTests {
    @Test func `that is READY is read from its bytes`() throws {
        let text = Array("{}".utf8)
        let ready = try #require(
            WireReady(words(1, UInt32(RAMPART_WIRE_VERSION), 1, 2) + text + [0, 0])
        )
        #expect(ready.threads == 1)
        #expect(ready.engine == text)
    }

    @Test(arguments: [
        words(2, 1, 1, 0), words(1, 99, 1, 0), [], Array(words(1, 1, 1, 0).dropLast()),
    ])
    func `that is no READY of this version is refused`(message: [UInt8]) {
        #expect(WireReady(message) == nil)
    }

    @Test func `claims no more text than it has`() throws {
        let ready = try #require(
            WireReady(words(1, UInt32(RAMPART_WIRE_VERSION), 1, .max) + [0x7B])
        )
        #expect(ready.engine == [0x7B])
    }

    @Test func `says each layer as the envelope has it`() {
        var prepared = rampart_prepared()
        prepared.layers.0 = rampart_layer_state(
            enforcement: Int32(RAMPART_ENFORCED.rawValue),
            error: 0
        )
        prepared.layers.1 = rampart_layer_state(
            enforcement: Int32(RAMPART_UNAVAILABLE.rawValue),
            error: EPERM
        )
        prepared.layers.2 = rampart_layer_state(
            enforcement: Int32(RAMPART_UNAVAILABLE.rawValue),
            error: 4000
        )
        prepared.layers.3 = rampart_layer_state(enforcement: 77, error: 0)
        #expect(
            WireLayers.load(prepared) == [
                .descriptors: .enforced, .limits: .unavailable("EPERM"),
                .user: .unavailable("errno 4000"),
                .syscalls: .off, .files: .off,
            ]
        )
    }
}

/// Words of 32 bits as they lie in memory.
private func words(_ words: UInt32...) -> [UInt8] {
    words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
}

@Suite("Output")
struct BoundedOutputTests {
    @Test func `is read to its end and kept as far as its cap`() throws {
        var pipe: (read: OwnedDescriptor, write: OwnedDescriptor)? = try SystemCalls.outputPipe()
        var output = BoundedOutput(try #require(pipe?.read), cap: 5)
        #expect(output.read() == nil)
        #expect(!output.isOver)
        try pipe?.write.write(Array("abc".utf8))
        #expect(output.read() == Array("abc".utf8))
        try pipe?.write.write(Array("defg".utf8))
        pipe = nil
        #expect(output.read() == Array("defg".utf8))
        #expect(output.read() == nil)
        #expect(output.isOver)
        #expect(output.open == nil)
        #expect(output.text == CapturedText(kept: Array("abcde".utf8), bytes: 7))
    }
}

@Suite("The watchdog")
struct WatchdogTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `sees a worker that ends by itself, and hears it out`() throws {
        let child = try Child("printf 'last words'; exit 3", in: folder)
        var watchdog = Watchdog(child.worker, for: .make(), until: .now + .seconds(60))
        #expect(try watchdog.watch() == .itself)
        #expect(child.reap() == .code(3))
        #expect(watchdog.stdoutText.text == "last words")
    }

    @Test func `kills a worker that is too long`() throws {
        let child = try Child("sleep 600 & exec sleep 600", in: folder)
        var watchdog = Watchdog(child.worker, for: .make(), until: .now)
        #expect(try watchdog.watch() == .watchdog(.wall))
        #expect(child.reap() == .signal(SIGKILL))
        // Its group died with it, and so nobody holds its output.
        #expect(try child.worker.stdout.readToEnd() == "")
    }

    @Test func `kills a worker that prints too much, and keeps what its cap allows`() throws {
        let child = try Child("exec yes", in: folder)
        let limits = Limits.make {
            $0.outputMB = 1
            $0.textKB = 2
        }
        var watchdog = Watchdog(
            child.worker,
            for: .make(limits: limits),
            until: .now + .seconds(60)
        )
        #expect(try watchdog.watch() == .watchdog(.output))
        #expect(child.reap() == .signal(SIGKILL))
        #expect(watchdog.stdoutText.text.utf8.count == 2048)
        #expect(watchdog.stdoutText.truncated)
        #expect(watchdog.stdoutText.bytes > 1 << 20)
    }

    @Test func `takes the report, and what was in the pipe when the worker died`() throws {
        let child = try Child("exit 0", in: folder)
        try child.report.write(frame(#"{"kind":"value","value":{"class":["numeric"]}}"#))
        try child.report.write(frame(#"{"kind":"end","status":"completed"}"#))
        var watchdog = Watchdog(child.worker, for: .make(), until: .now + .seconds(60))
        #expect(try watchdog.watch() == .itself)
        #expect(child.reap() == .code(0))
        #expect(watchdog.report.end == .completed)
        #expect(watchdog.report.value == ["class": ["numeric"]])
        #expect(watchdog.transcript == nil)
    }

    @Test func `takes the report of a worker that it kills at once`() throws {
        let child = try Child("exec sleep 600", in: folder)
        try child.report.write(frame(#"{"kind":"chart","name":"c","line":1}"#))
        var watchdog = Watchdog(child.worker, for: .make(), until: .now)
        #expect(try watchdog.watch() == .watchdog(.wall))
        #expect(child.reap() == .signal(SIGKILL))
        #expect(watchdog.report.charts.values.map(\.line) == [1])
    }

    @Test func `is held up by no output beyond its end, in a transcript either`() throws {
        let child = try Child("exec yes", in: folder)
        let job = Job.make(limits: .make { $0.outputMB = 1 << 20 }, transcript: true)
        var watchdog = Watchdog(child.worker, for: job, until: .now + .milliseconds(100))
        #expect(try watchdog.watch() == .watchdog(.wall))
        #expect(child.reap() == .signal(SIGKILL))
    }

    @Test func `does not wait for a stray that holds a pipe open`() throws {
        let child = try Child("setsid sleep 600 & echo $!; exit 0", in: folder)
        var watchdog = Watchdog(child.worker, for: .make(), until: .now + .seconds(60))
        #expect(try watchdog.watch() == .itself)
        #expect(child.reap() == .code(0))
        let stray = try #require(Int32(watchdog.stdoutText.text.trimmingCharacters(in: .newlines)))
        SystemCalls.kill(stray)
    }

    @Test func `sees an end without a pidfd, by the pipes or by looking`() throws {
        // The second leaves somebody who holds the pipes.
        for script in ["printf x; exit 3", "printf x; setsid sleep 2 & exit 3"] {
            let folder = try TemporaryFolder()
            let child = try refusing(RAMPART_CALL_PIDFD_OPEN) { try Child(script, in: folder) }
            #expect(child.worker.death == nil)
            let began = ContinuousClock.now
            var watchdog = Watchdog(child.worker, for: .make(), until: .now + .seconds(60))
            #expect(try watchdog.watch() == .itself)
            #expect(began.duration(to: .now) < .seconds(2))
            #expect(child.reap() == .code(3))
            #expect(watchdog.stdoutText.text == "x")
        }
    }

    @Test func `takes closed pipes for no end, without a pidfd either`() throws {
        for isRefused in [true, false] {
            let folder = try TemporaryFolder()
            let script = "exec >&- 2>&- 3>&-; exec sleep 600"
            let child =
                isRefused
                ? try refusing(RAMPART_CALL_PIDFD_OPEN) { try Child(script, in: folder) }
                : try Child(script, in: folder)
            try child.worker.stdout.awaitMore()
            var watchdog = Watchdog(child.worker, for: .make(), until: .now + .milliseconds(200))
            #expect(try watchdog.watch() == .watchdog(.wall))
            #expect(child.reap() == .signal(SIGKILL))
        }
    }

    private func frame(_ text: String) -> [UInt8] {
        [UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
    }

    /// A shell in a worker's place: it prints to the worker's output, and the test writes its report.
    private final class Child {
        let worker: Worker
        let report: OwnedDescriptor
        private var isReaped = false

        init(_ script: String, in folder: TemporaryFolder) throws {
            let sockets = try SystemCalls.socketPair()
            let stdout = try SystemCalls.outputPipe()
            let stderr = try SystemCalls.outputPipe()
            let report = try SystemCalls.outputPipe()
            let pid = try SystemCalls.spawn(
                SystemCalls.openImage("/bin/sh").image,
                arguments: ["sh", "-c", script],
                environment: ["PATH=/usr/bin:/bin"],
                control: sockets.1,
                output: stdout.write,
                oomScoreAdjustment: 0
            )
            self.report = report.write
            worker = Worker(
                pid: pid,
                socket: sockets.0,
                stdout: stdout.read,
                stderr: stderr.read,
                report: report.read,
                scratch: try ScratchDirectory.make(in: folder)
            )
        }

        deinit { if !isReaped { reap() } }

        @discardableResult
        func reap() -> WorkerExit.Status {
            isReaped = true
            return SystemCalls.reap(worker.pid)
        }
    }
}

@Suite("The sweep")
struct SweepTests {
    /// Noted before a test starts anything.
    private let own: RunProcesses.Own

    init() throws {
        own = try RunProcesses.Own(host: SystemCalls.processID, zygote: 0, brand: Brand())
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `removes all that is a run's user's: processes, System V objects and files`() throws {
        var users = RunUsers()
        let user = try #require(try users.claim())
        let folder = try TemporaryFolder()
        let sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
        let name = "rampart-tests-\(user.id)"
        let leaving = """
            $| = 1; use POSIX; fork and exit; setsid();
            defined shmget(0, 64, 0600) && defined msgget(0, 0600) && defined semget(0, 1, 0600) or die;
            for my $f ('/tmp', '/var/tmp', '/dev/shm') { mkdir "$f/\(name)"; open F, ">$f/\(name)/f" or die; chmod 0, "$f/\(name)" }
            print "$$\\n"; sleep 600;
            """
        let arguments = [
            "--reuid=\(user.id)", "--regid=\(user.id)", "--clear-groups", "/usr/bin/perl", "-e",
            leaving,
        ]
        // What prints the pid is a child that took a session of its own; its parent is gone.
        let stray = try Program("/usr/bin/setpriv", arguments)
        while !stray.hasDied { sched_yield() }
        #expect(try SystemCalls.systemVObjects(of: user.id).count == 3)
        #expect(try RunProcesses.list(of: user.id) == [stray.pid])

        try sweep.run(
            after: user.id,
            mayFork: true,
            sparing: own,
            and: [],
            until: .now + .seconds(60)
        )
        #expect(try RunProcesses.list(of: user.id) == [])
        #expect(try SystemCalls.systemVObjects(of: user.id) == [])
        for shared in ["/tmp", "/var/tmp", "/dev/shm"] {
            #expect(!FileManager.default.fileExists(atPath: "\(shared)/\(name)"))
        }
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `calls what it cannot remove in time taint`() throws {
        var users = RunUsers()
        let user = try #require(try users.claim())
        let folder = try TemporaryFolder()
        var sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
        let path = "/tmp/rampart-tests-\(user.id)-left"
        try SystemCalls.write([], toNewFile: path, mode: 0o600)
        try SystemCalls.give(path, to: user.id)
        sweep.removalBound = .zero
        let fault = #expect(throws: Fault.self) {
            try sweep.run(
                after: user.id,
                mayFork: true,
                sparing: own,
                and: [],
                until: .now + .seconds(60)
            )
        }
        #expect(fault?.kind == .tainted)
        sweep.removalBound = .seconds(60)
        try sweep.run(
            after: user.id,
            mayFork: true,
            sparing: own,
            and: [],
            until: .now + .seconds(60)
        )
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `touches nothing that is not the run's user's`() throws {
        var users = RunUsers()
        let user = try #require(try users.claim())
        let folder = try TemporaryFolder()
        let sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
        let bystander = try Program("/usr/bin/perl", ["-e", "$| = 1; print qq($$\\n); sleep 600"])
        try sweep.run(
            after: user.id,
            mayFork: true,
            sparing: own,
            and: [],
            until: .now + .seconds(60)
        )
        #expect(!bystander.hasDied)
        #expect(FileManager.default.fileExists(atPath: folder.path))
    }

    @Test(arguments: [777, 776, 0])
    func `knows a run that shared the host's user by its brand, whatever session it took`(
        limit: Int
    ) throws {
        let stray = try Self.limited(to: limit)
        defer { SystemCalls.kill(stray.pid) }
        #expect(try RunProcesses.list(of: nil, sparing: own).contains(stray.pid))
        // The host's own processes are spared.
        let sparing = RunProcesses.Own(host: own.host, zygote: stray.pid, brand: own.brand)
        #expect(try !RunProcesses.list(of: nil, sparing: sparing).contains(stray.pid))
    }

    @Test func `takes nobody without the brand for a run`() throws {
        let bystander = try Program("/usr/bin/perl", ["-e", "$| = 1; print qq($$\\n); sleep 600"])
        let found = try RunProcesses.list(of: nil, sparing: own)
        #expect(!found.contains(bystander.pid))
        #expect(!found.contains(own.host))
        _ = try RunProcesses.kill(bystander.pid, of: nil, sparing: own)
        #expect(!bystander.hasDied)
    }

    @Test func `kills one that has the brand still`() throws {
        let stray = try Self.limited(to: 777)
        _ = try RunProcesses.kill(stray.pid, of: nil, sparing: own)
        while try !ProcessStatus.isDead(stray.pid) { sched_yield() }
        #expect(try !RunProcesses.list(of: nil, sparing: own).contains(stray.pid))
    }

    @Test func `takes no one for dead whose first thread alone has ended`() throws {
        // The system call ends the thread that makes it.
        let ghost = try Self.limited(
            to: 777,
            doing: "use threads; threads->create(sub { sleep 600 }); syscall(60, 0)"
        )
        while SystemCalls.text(of: "/proc/\(ghost.pid)/stat", upTo: 1024)?.contains(") Z ") != true
        {
            sched_yield()
        }
        #expect(try !ProcessStatus.isDead(ghost.pid))
        #expect(try RunProcesses.list(of: nil, sparing: own) == [ghost.pid])
        _ = try RunProcesses.kill(ghost.pid, of: nil, sparing: own)
        while try !ProcessStatus.isDead(ghost.pid) { sched_yield() }
        #expect(try RunProcesses.list(of: nil, sparing: own) == [])
    }

    @Test func `calls a stray that is not dead in time taint`() throws {
        let folder = try TemporaryFolder()
        var sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
        let stray = try Self.limited(to: 777)
        sweep.deathBound = .zero
        let fault = #expect(throws: Fault.self) {
            try sweep.run(
                after: nil,
                mayFork: true,
                sparing: own,
                and: [],
                until: .now + .seconds(60)
            )
        }
        #expect(fault?.kind == .tainted)
        sweep.deathBound = .seconds(60)
        try sweep.run(after: nil, mayFork: true, sparing: own, and: [], until: .now + .seconds(60))
        #expect(try ProcessStatus.isDead(stray.pid))
    }

    @Test(arguments: [(0, true), (1, false), (61_501, false)] as [(UInt32, Bool)])
    func `tells who can log in from who cannot, and from who has no account`(
        user: UInt32,
        can: Bool
    ) {
        #expect(SystemCalls.isPerson(user) == can)
    }

    @Test(.timeLimit(.minutes(1)))
    func `takes no one for dead whose name swallows the sign after it`() throws {
        // U+0600 and what follows it are one character to Unicode.
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/z\u{0600}"
        try FileManager.default.copyItem(atPath: "/usr/bin/sleep", toPath: path)
        let shell = "ulimit -i 777; exec setsid bash -c 'echo $$; exec \(path) 600'"
        let odd = try Program("/bin/bash", ["-c", shell])
        while SystemCalls.text(of: "/proc/\(odd.pid)/comm", upTo: 64)?.utf8.first != 0x7A {
            sched_yield()
        }
        #expect(try !ProcessStatus.isDead(odd.pid))
        #expect(try RunProcesses.list(of: nil, sparing: own) == [odd.pid])
        SystemCalls.kill(odd.pid)
    }

    @Test func `takes no one for gone where the host may open no file`() async {
        await #expect(processExitsWith: .success) {
            let limit = try SystemCalls.openDirectory("/").descriptor.rawValue + 1
            try Program.run(
                "/usr/bin/prlimit",
                ["--pid", "\(SystemCalls.processID)", "--nofile=\(limit):4096"]
            )
            do throws(Errno) {
                _ = try RunProcesses.list(of: 61_500)
                exit(1)
            } catch {
                exit(error == .tooManyOpenFiles ? 0 : 3)
            }
        }
    }

    /// A program that has left its parent's session, under a limit of pending signals.
    private static func limited(to limit: Int, doing act: String = "sleep 600") throws -> Program {
        let perl = "setsid perl -e '$| = 1; print qq($$\\n); \(act)'"
        return try Program("/bin/bash", ["-c", "ulimit -i \(limit); exec \(perl)"])
    }
}

@Suite("The brand", .serialized)
struct BrandTests {
    @Test(
        arguments: [(96_365, 777), (778, 777), (777, 776), (500, 499), (1, 0), (0, nil)]
            as [(
                UInt64, UInt32?
            )]
    )
    func `lies below the host's own limit`(own: UInt64, limit: UInt32?) throws {
        let brand = try Brand(below: own)
        #expect(brand.limit == limit)
        #expect(brand.wire == limit ?? RAMPART_NO_BRAND)
    }

    @Test func `is nobody's on a machine where the host's own limit is low`() throws {
        let neighbour = try limited(to: 500)
        let brand = try Brand(below: 500)
        #expect(try !brand.isBorne(by: neighbour.pid))
        let lower = try limited(to: 499)
        #expect(try brand.isBorne(by: lower.pid))
    }

    @Test func `spares who bore it before any run, and their children`() throws {
        let parent = try limited(
            to: 700,
            doing: "$SIG{USR1} = sub { fork or exec qw(sleep 600) };"
        )
        let brand = try Brand()
        #expect(try !brand.isBorne(by: parent.pid))
        kill(parent.pid, SIGUSR1)
        var children: [Int32] = []
        while children.isEmpty {
            children = try ProcessStatus.living { pid throws(Errno) in
                try ProcessStatus.parent(of: pid) == parent.pid
            }
        }
        defer { children.forEach { SystemCalls.kill($0) } }
        #expect(try !brand.isBorne(by: children[0]))
        let later = try limited(to: 700)
        #expect(try brand.isBorne(by: later.pid))
    }

    @Test func `is nothing that can be told where there is none`() throws {
        let brand = try Brand(below: 0)
        let lowest = try limited(to: 0)
        #expect(try !brand.isBorne(by: lowest.pid))
    }

    private func limited(to limit: Int, doing rest: String = "") throws -> Program {
        let perl = "perl -e '$| = 1; \(rest) print qq($$\\n); sleep 600 while 1'"
        return try Program("/bin/bash", ["-c", "ulimit -i \(limit); exec \(perl)"])
    }
}

@Suite("A System V object", .enabled(if: SystemCalls.user == 0, "needs root"))
struct SystemVObjectTests {
    @Test func `is told from one of another kind with its number, and none is overlooked`() throws {
        var users = RunUsers()
        let user = try #require(try users.claim())
        let making = """
            $| = 1; for (1..1100) { defined semget(0, 1, 0600) or die }
            defined shmget(0, 64, 0600) && defined msgget(0, 0600) or die; print "$$\\n";
            """
        let arguments = [
            "--reuid=\(user.id)", "--regid=\(user.id)", "--clear-groups", "/usr/bin/perl", "-e",
            making,
        ]
        _ = try Program("/usr/bin/setpriv", arguments)
        let objects = try SystemCalls.systemVObjects(of: user.id)
        #expect(objects.count == 1102)
        #expect(Set(objects.map(\.kind)).count == 3)
        for object in objects { try SystemCalls.remove(object) }
        #expect(try SystemCalls.systemVObjects(of: user.id) == [])
        // What is gone is no failure.
        for object in objects { try SystemCalls.remove(object) }
    }
}

@Suite("The watch for taint")
struct TaintWatchTests {
    @Test func `is content where nothing changed`() throws {
        let neighbour = try Program("/usr/bin/perl", ["-e", Self.idling])
        for sharesUser in [true, false] {
            let watch = TaintWatch(
                host: TaintWatch.Subject("host", SystemCalls.processID, isIdle: false),
                zygote: neighbour.pid,
                sharesUser: sharesUser,
                ownsEnvironment: false
            )
            #expect(throws: Never.self) { try watch.check() }
        }
    }

    @Test func `notices a changed limit of the host`() async {
        await #expect(processExitsWith: .success) {
            let watch = TaintWatchTests.watch(SystemCalls.processID, sharesUser: true)
            try Program.run(
                "/usr/bin/prlimit",
                ["--pid", "\(SystemCalls.processID)", "--core=0:0"]
            )
            exit(TaintWatchTests.change(watch) == "the host is not as it was: limits" ? 0 : 1)
        }
    }

    @Test func `notices a changed niceness of the host`() async {
        await #expect(processExitsWith: .success) {
            let watch = TaintWatchTests.watch(SystemCalls.processID, sharesUser: true)
            try Program.run("/usr/bin/renice", ["-n", "5", "-p", "\(SystemCalls.processID)"])
            exit(TaintWatchTests.change(watch) == "the host is not as it was: niceness" ? 0 : 1)
        }
    }

    @Test(arguments: [
        ("taskset -p 1 PID > /dev/null", "Cpus_allowed"), ("ionice -c 3 -p PID", "scheduling"),
        ("chrt --batch --pid 0 PID", "scheduling"), ("prlimit --pid PID --core=0:0", "limits"),
    ])
    func `notices what a neighbour did to the zygote`(act: String, change: String) throws {
        try #require(ProcessInfo.processInfo.processorCount > 1)
        let zygote = try Program("/usr/bin/perl", ["-e", Self.idling])
        let watch = Self.watch(SystemCalls.processID, zygote: zygote.pid)
        #expect(Self.change(watch) == nil)
        try Program.run("/bin/sh", ["-c", act.replacing("PID", with: "\(zygote.pid)")])
        #expect(Self.change(watch) == "the zygote is not as it was: \(change)")
    }

    @Test(arguments: [
        "$x = 'x' x 5e7", "exec 'sleep', 600", "$SIG{USR2} = 'IGNORE'",
    ])
    func `notices a zygote that is not what it was`(act: String) throws {
        let zygote = try Program(
            "/usr/bin/perl",
            ["-e", "$SIG{USR1} = sub { \(act) }; \(Self.idling)"]
        )
        let watch = Self.watch(SystemCalls.processID, zygote: zygote.pid)
        #expect(Self.change(watch) == nil)
        kill(zygote.pid, SIGUSR1)
        var seen: String?
        while seen == nil { seen = Self.change(watch) }
        #expect(seen?.hasPrefix("the zygote is not as it was: ") == true)
    }

    @Test func `notices as much memory in another place, where it can see that`() throws {
        // Moves a page to and fro, by numbers, for perl has no names for it; twice before, so that it takes no
        // more memory after.
        let script = """
            $a = syscall(9, 0, 12288, 3, 34, -1, 0); $b = $a + 8192; syscall(11, $b, 4096);
            $SIG{USR1} = sub { syscall(25, $a, 4096, 4096, 3, $b); ($a, $b) = ($b, $a) };
            kill USR1 => $$; kill USR1 => $$;
            """
        let zygote = try Program("/usr/bin/perl", ["-e", script + Self.idling])
        let blind = Self.watch(SystemCalls.processID, zygote: zygote.pid)
        let watch = Self.watch(SystemCalls.processID, zygote: zygote.pid, sharesUser: true)
        kill(zygote.pid, SIGUSR1)
        var seen: String?
        while seen == nil { seen = Self.change(watch) }
        #expect(seen == "the zygote is not as it was: its memory map")
        #expect(Self.change(blind) == nil)
    }

    @Test func `leaves a zygote that is gone to whoever replaces it`() throws {
        let zygote = try Program("/usr/bin/perl", ["-e", Self.idling])
        let watch = Self.watch(SystemCalls.processID, zygote: zygote.pid, sharesUser: true)
        SystemCalls.kill(zygote.pid)
        while try !ProcessStatus.isDead(zygote.pid) { sched_yield() }
        #expect(Self.change(watch) == nil)
    }

    @Test func `notices a connection where connections are counted`() async throws {
        await #expect(processExitsWith: .success) {
            let own = SystemCalls.processID
            let blind = TaintWatchTests.watch(own)
            let watch = TaintWatchTests.watch(own, ownsEnvironment: true)
            // Refused, and counted all the same.
            try? Program.run("/bin/bash", ["-c", "exec 2>/dev/null; : > /dev/tcp/127.0.0.1/1"])
            exit(
                TaintWatchTests.change(watch) != nil && TaintWatchTests.change(blind) == nil ? 0 : 1
            )
        }
    }

    static func watch(
        _ host: Int32,
        zygote: Int32? = nil,
        sharesUser: Bool = false,
        ownsEnvironment: Bool = false
    ) -> TaintWatch {
        TaintWatch(
            host: TaintWatch.Subject("host", host, isIdle: false),
            zygote: zygote,
            sharesUser: sharesUser,
            ownsEnvironment: ownsEnvironment
        )
    }

    static func change(_ watch: TaintWatch) -> String? {
        do throws(Fault) {
            try watch.check()
            return nil
        } catch {
            return error.kind == .tainted ? error.cause : "not taint: \(error)"
        }
    }

    private static let idling = "$| = 1; print qq($$\\n); sleep 600 while 1"
}

@Suite("The shield's own check")
struct ShieldCheckTests {
    @Test func `sees what can be read`() throws {
        let child = try Program("/usr/bin/perl", ["-e", "$| = 1; print qq($$\\n); sleep 600"])
        #expect(try SystemCalls.canRead(child.pid, as: nil))
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `sees that another user can read nothing of the host`() throws {
        #expect(try !SystemCalls.canRead(SystemCalls.processID, as: 60_599))
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `sees what a user can read of its own`() throws {
        let arguments = [
            "--reuid=60598", "--regid=60598", "--clear-groups", "/usr/bin/perl", "-e",
            "$| = 1; print qq($$\\n); sleep 600",
        ]
        let child = try Program("/usr/bin/setpriv", arguments)
        #expect(try SystemCalls.canRead(child.pid, as: 60_598))
        #expect(try !SystemCalls.canRead(child.pid, as: 60_599))
    }
}

@Suite("R's place")
struct REngineTests {
    @Test func `is found through the wrapper on the path, whose first assignments count`() throws {
        let folder = try home(
            "R_HOME_DIR=@/lib\nif x\nR_HOME_DIR=/elsewhere\nR_SHARE_DIR=/usr/share/R\nR_DOC_DIR=relative\nFOO=/bar\n"
        )
        let engine = try REngine(home: nil, path: "/nowhere:\(folder.path)/lib/bin")
        #expect(engine.home == "\(folder.path)/lib")
        #expect(engine.executable == "\(folder.path)/lib/bin/exec/R")
        #expect(engine.environment["R_SHARE_DIR"] == "/usr/share/R")
        #expect(engine.environment["R_DOC_DIR"] == "\(folder.path)/lib/doc")
        #expect(engine.environment["R_HOME"] == engine.home)
    }

    @Test func `may be said`() throws {
        let folder = try home("R_HOME_DIR=/elsewhere\n")
        #expect(try REngine(home: "\(folder.path)/lib", path: "").home == "\(folder.path)/lib")
    }

    @Test func `is missed with a sentence that says what to do`() throws {
        let none = #expect(throws: Fault.self) { try REngine(home: nil, path: "/nowhere:") }
        #expect(none?.kind == .missingEngine)
        #expect(none?.cause.contains("RAMPART_R") == true)
        let wrong = #expect(throws: Fault.self) { try REngine(home: "/nowhere", path: "/usr/bin") }
        #expect(wrong?.kind == .missingEngine)
        #expect(wrong?.cause.contains("/nowhere/bin/exec/R") == true)
    }

    @Test func `is started with nothing of the host's environment`() throws {
        let folder = try home("R_HOME_DIR=@/lib\n")
        var settings = Settings()
        settings.signingKey = "secret"
        settings.preload = ["a", "b"]
        let command = ZygoteCommand(
            engine: try REngine(home: "\(folder.path)/lib", path: ""),
            settings: settings,
            library: "/library",
            temporary: "/scratch"
        )
        #expect(command.environment.contains("RAMPART_PRELOAD=a,b"))
        #expect(command.environment.contains("TMPDIR=/scratch"))
        #expect(command.environment.contains("CLI_NO_THREAD=1"))
        #expect(!command.environment.contains { $0.contains("secret") || $0.hasPrefix("AWS") })
        #expect(command.arguments.contains("--file=/library/rampart/zygote.R"))
    }

    private func home(_ wrapper: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(wrapper.replacing("@", with: folder.path), to: "lib/bin/R")
        try folder.write("", to: "lib/bin/exec/R")
        try folder.perl("chmod 0755, 'lib/bin/R', 'lib/bin/exec/R'")
        return folder
    }
}
