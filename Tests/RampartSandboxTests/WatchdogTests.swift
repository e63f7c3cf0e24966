import CSandbox
import Foundation
import RampartCore
import Testing

@testable import RampartSandbox

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
        // The line that says what is omitted has room for any number.
        let kept = watchdog.stdoutText.text.utf8.count
        #expect((2048 - CapturedText.mostGapBytes...2048).contains(kept))
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
        #expect(watchdog.report.value?.whole == EncodedJSON(["class": ["numeric"]]))
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
