import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

extension SharedUserTests {
    @Suite("The sweep")
    struct SweepTests {
        private let tag = RunTag(pendingSignals: 777, locks: 777)

        @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
        func `removes all that is a run's user's: processes, System V objects and files`() throws {
            let users = RunUsers()
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
            #expect(try RunProcesses.list(of: .user(user.id)) == [stray.pid])

            try run(sweep, after: .user(user.id))
            #expect(try RunProcesses.list(of: .user(user.id)) == [])
            #expect(try SystemCalls.systemVObjects(of: user.id) == [])
            for shared in ["/tmp", "/var/tmp", "/dev/shm"] {
                #expect(!FileManager.default.fileExists(atPath: "\(shared)/\(name)"))
            }
        }

        @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
        func `calls what it cannot remove in time taint`() throws {
            let users = RunUsers()
            let user = try #require(try users.claim())
            let folder = try TemporaryFolder()
            var sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
            let path = "/tmp/rampart-tests-\(user.id)-left"
            try SystemCalls.write([], toNewFile: path, mode: 0o600)
            try SystemCalls.give(path, to: user.id)
            sweep.removalBound = .zero
            let fault = #expect(throws: Fault.self) { try run(sweep, after: .user(user.id)) }
            #expect(fault?.kind == .tainted)
            sweep.removalBound = .seconds(60)
            try run(sweep, after: .user(user.id))
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
        func `touches nothing that is not the run's user's`() throws {
            let users = RunUsers()
            let user = try #require(try users.claim())
            let folder = try TemporaryFolder()
            let sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
            let bystander = try Program(
                "/usr/bin/perl",
                ["-e", "$| = 1; print qq($$\\n); sleep 600"]
            )
            try run(sweep, after: .user(user.id))
            #expect(!bystander.hasDied)
            #expect(FileManager.default.fileExists(atPath: folder.path))
        }

        @Test(arguments: [(777, "777"), (776, "777"), (777, "0"), (0, "0")])
        func `knows a run that shared the host's user by its tag, whatever session it took`(
            pending: Int,
            locks: String
        ) throws {
            let stray = try Program.limited(toPending: pending, locks: locks)
            defer { SystemCalls.kill(stray.pid) }
            #expect(try RunProcesses.list(of: .tag(tag)).contains(stray.pid))
        }

        @Test func `leaves the processes of another slot alone`() throws {
            let other = RunTag(pendingSignals: tag.pendingSignals + 1, locks: tag.locks - 1)
            let neighbour = try Program.bearing(other)
            let stray = try Program.bearing(tag)
            let folder = try TemporaryFolder()
            try run(
                Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false),
                after: .tag(tag)
            )
            #expect(stray.hasDied)
            #expect(try !ProcessStatus.isDead(neighbour.pid))
        }

        @Test func `takes nobody without a tag for a run`() throws {
            let bystander = try Program(
                "/usr/bin/perl",
                ["-e", "$| = 1; print qq($$\\n); sleep 600"]
            )
            let found = try RunProcesses.list(of: .tag(tag))
            #expect(!found.contains(bystander.pid))
            #expect(!found.contains(SystemCalls.processID))
            _ = try RunProcesses.kill(bystander.pid, of: .tag(tag))
            #expect(!bystander.hasDied)
        }

        @Test func `kills one that bears the tag still`() throws {
            let stray = try Program.bearing(tag)
            _ = try RunProcesses.kill(stray.pid, of: .tag(tag))
            while try !ProcessStatus.isDead(stray.pid) { sched_yield() }
            #expect(try !RunProcesses.list(of: .tag(tag)).contains(stray.pid))
        }

        @Test func `takes no one for dead whose first thread alone has ended`() throws {
            // The system call ends the thread that makes it.
            let ghost = try Program.bearing(
                tag,
                doing: "use threads; threads->create(sub { sleep 600 }); syscall(60, 0)"
            )
            while SystemCalls.text(of: "/proc/\(ghost.pid)/stat", upTo: 1024)?.contains(") Z ")
                != true
            {
                sched_yield()
            }
            #expect(try !ProcessStatus.isDead(ghost.pid))
            #expect(try RunProcesses.list(of: .tag(tag)).contains(ghost.pid))
            _ = try RunProcesses.kill(ghost.pid, of: .tag(tag))
            while try !ProcessStatus.isDead(ghost.pid) { sched_yield() }
            #expect(try !RunProcesses.list(of: .tag(tag)).contains(ghost.pid))
        }

        @Test func `calls a stray that is not dead in time taint`() throws {
            let folder = try TemporaryFolder()
            var sweep = try Sweep(sparing: ScratchRoot(in: folder.path), ownsEnvironment: false)
            let stray = try Program.bearing(tag)
            sweep.deathBound = .zero
            let fault = #expect(throws: Fault.self) { try run(sweep, after: .tag(tag)) }
            #expect(fault?.kind == .tainted)
            sweep.deathBound = .seconds(60)
            try run(sweep, after: .tag(tag))
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
            let shell =
                "ulimit -i 777; ulimit -x 777; exec setsid bash -c 'echo $$; exec \(path) 600'"
            let odd = try Program("/bin/bash", ["-c", shell])
            while SystemCalls.text(of: "/proc/\(odd.pid)/comm", upTo: 64)?.utf8.first != 0x7A {
                sched_yield()
            }
            #expect(try !ProcessStatus.isDead(odd.pid))
            #expect(try RunProcesses.list(of: .tag(tag)).contains(odd.pid))
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
                    _ = try RunProcesses.list(of: .user(61_500))
                    exit(1)
                } catch {
                    exit(error == .tooManyOpenFiles ? 0 : 3)
                }
            }
        }

        private func run(_ sweep: Sweep, after owner: RunProcesses.Owner) throws(Fault) {
            let end = ContinuousClock.now + .seconds(60)
            try sweep.endProcesses(
                of: owner,
                mayFork: true,
                mayHaveLeftSockets: true,
                until: end
            )
            if case .user(let user) = owner { try sweep.removeLeavings(of: user, until: end) }
        }
    }
}
