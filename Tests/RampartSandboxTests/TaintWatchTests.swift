import Foundation
import RampartCore
import Testing

@testable import RampartSandbox

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
