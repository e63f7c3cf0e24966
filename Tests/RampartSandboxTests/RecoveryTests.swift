import CSandbox
import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A zygote that misbehaves")
struct MisbehavingZygoteTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        ("an answer of another kind", "$_ = pack('l3', 5, 0, 1)", Fault.Kind.zygoteGone),
        ("an answer that is too short", "$_ = 'short'", .zygoteGone),
        ("an answer that is too long", "$_ = 'x' x 9000", .zygoteGone),
        ("no answer", "sleep 600", .zygoteGone),
        ("its death", "exit", .zygoteGone),
        ("a pid that is none", "$_ = pack('l3', 3, 0, 0)", .workerStart),
        ("a pid that is a group", "$_ = pack('l3', 3, 0, -1)", .workerStart),
        ("a fork that was refused", "$_ = pack('l3', 3, 11, 0)", .workerStart),
    ])
    func `answers a fork with what is a fault, in time`(
        what: String,
        answer: String,
        kind: Fault.Kind
    ) throws {
        let zygote = try Zygote.make(.perl(answering: answer), in: folder)
        let scratch = try ScratchDirectory.make(in: folder)
        let began = ContinuousClock.now
        let fault = #expect(throws: Fault.self) {
            try zygote.fork(
                in: scratch,
                asSpare: false,
                tag: nil,
                until: .now + .milliseconds(300)
            )
        }
        #expect(fault?.kind == kind, "\(what)")
        #expect(began.duration(to: .now) < .seconds(5))
    }

    @Test(arguments: [
        ("another worker's end", "$_ = pack('l4q3', 5, 0, 0, 78, 1, 1, 1)"),
        ("that it lives", "$_ = pack('l4q3', 5, 11, 0, 77, 0, 0, 0)"),
        ("an answer of another kind", "$_ = pack('l4q3', 3, 0, 0, 77, 1, 1, 1)"),
        ("an answer of another size", "$_ = pack('l4', 5, 0, 0, 77)"),
        ("its death", "exit"),
    ])
    func `says of a worker's end what is a fault`(what: String, answer: String) throws {
        let zygote = try Zygote.make(.perl(answering: answer), in: folder)
        let fault = #expect(throws: Fault.self, "\(what)") { try zygote.reap(77) }
        #expect(fault?.kind == .zygoteGone)
    }

    @Test func `is believed where it answers as it should`() throws {
        let zygote = try Zygote.make(
            .perl(answering: "$_ = pack('l4q3', 5, 0, 3 << 8, 77, 1, 2, 9)"),
            in: folder
        )
        let exit = try zygote.reap(77)
        #expect(exit.status == .code(3))
        #expect(exit.cpu == .microseconds(3))
        #expect(exit.maxResidentBytes == 9)
    }

    @Test func `is not waited for longer than its bound where it is stopped`() throws {
        let zygote = try Zygote.make(.perl(), in: folder)
        kill(zygote.pid, SIGSTOP)
        let began = ContinuousClock.now
        #expect(throws: Fault.self) { try zygote.reap(77) }
        #expect(began.duration(to: .now) < .seconds(5))
    }

    @Test func `is refused where it has more than one thread`() throws {
        let fault = #expect(throws: Fault.self) { try Zygote.make(.perl(threads: 2), in: folder) }
        #expect(fault?.kind == .zygoteStart)
        #expect(fault?.cause.contains("2 threads") == true)
    }
}

@Suite("A pool recovers", .serialized)
struct RecoveryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `from one start of R that fails, and from two`() throws {
        let library = try DirectedLibrary(in: folder)
        let pool = try Pool.make(in: folder, library: library.path)
        for failures in 1...2 {
            try library.begin(with: "quit(status = 1)")
            pool.killZygote()
            for _ in 0..<failures {
                let fault = #expect(throws: Fault.self) { try pool.run(.make("1")) }
                #expect(fault?.kind == .zygoteStart)
                try pool.tidy(until: nil)
            }
            try library.begin(with: "")
            #expect(try pool.run(.make("1")).outcome == .completed)
            try pool.tidy(until: nil)
        }
    }

    @Test func `not from three in a row: it ends, and says what R said`() throws {
        let library = try DirectedLibrary(in: folder)
        let pool = try Pool.make(in: folder, library: library.path)
        try library.begin(with: "cat('no room\\n'); quit(status = 1)")
        pool.killZygote()
        for _ in 0..<2 {
            #expect(throws: Fault.self) { try pool.run(.make("1")) }
            try pool.tidy(until: nil)
        }
        #expect(throws: Fault.self) { try pool.run(.make("1")) }
        let fault = #expect(throws: Fault.self) { try pool.tidy(until: nil) }
        #expect(fault?.kind == .tainted)
        #expect(fault?.cause.contains("3 times in a row") == true)
        #expect(fault?.cause.contains("no room") == true)
    }

    @Test func `from a zygote that was stopped`() throws {
        let pool = try Pool.make(in: folder)
        kill(try #require(pool.zygote?.pid), SIGSTOP)
        let began = ContinuousClock.now
        let fault = #expect(throws: Fault.self) { try pool.run(.make("1")) }
        #expect(fault?.kind == .zygoteGone)
        #expect(began.duration(to: .now) < .seconds(10))
        try pool.tidy(until: nil)
        #expect(try pool.run(.make("1")).outcome == .completed)
    }

    @Test(arguments: ["run-*", "*"])
    func `from scratch directories that vanished before the run`(pattern: String) throws {
        let pool = try Pool.make(in: folder)
        try Program.run("/bin/sh", ["-c", "rm -rf rampart-*/\(pattern)"], in: folder.path)
        try expectWell(pool)
        try Program.run("/bin/sh", ["-c", "rm -rf rampart-*"], in: folder.path)
        try expectWell(pool)
    }

    @Test func `from a scratch directory that vanished during the run`() throws {
        let pool = try Pool.make(in: folder)
        let code = "plot(1)\nunlink(dirname(getwd()), recursive = TRUE)\nplot(2)"
        let record = try pool.run(.make(code))
        #expect(record.artifacts.isEmpty)
        try pool.tidy(until: nil)
        try expectWell(pool)
    }

    @Test func `without charging the script for R's start`() throws {
        let library = try DirectedLibrary(in: folder)
        let pool = try Pool.make(in: folder, library: library.path)
        try library.begin(with: "Sys.sleep(1.5)")
        pool.killZygote()
        let record = try pool.run(.make("1", limits: .make { $0.wallSeconds = 1 }))
        #expect(record.outcome == .completed)
        #expect(record.usage.phases.run < .seconds(1))
    }

    @Test func `not beyond an invocation's time, in the run or after it`()
        throws
    {
        let library = try DirectedLibrary(in: folder)
        let pool = try Pool.make(in: folder, library: library.path)
        try library.begin(with: "Sys.sleep(60)")
        pool.killZygote()
        let began = ContinuousClock.now
        let fault = #expect(throws: Fault.self) {
            try pool.run(.make("1"), budget: .milliseconds(500))
        }
        #expect(fault?.kind == .zygoteStart)
        try pool.tidy(until: .now + .seconds(1))
        #expect(began.duration(to: .now) < .seconds(30))
    }

    @Test func `with the next run where R could not be ready before the deadline`() throws {
        let pool = try Pool.make(in: folder)
        pool.killZygote()
        try pool.tidy(until: .now)
        #expect(pool.zygote?.isAlive != true)
        try expectWell(pool)
        pool.killZygote()
        try pool.tidy(until: .now + .seconds(60))
        #expect(pool.zygote?.isAlive == true)
        try expectWell(pool)
    }

    @Test func `over several runs where none has time enough for R's start`() throws {
        let library = try DirectedLibrary(in: folder)
        let pool = try Pool.make(in: folder, library: library.path)
        try library.begin(with: "Sys.sleep(4)")
        pool.killZygote()
        var faults = 0
        while true {
            do throws(Fault) {
                let record = try pool.run(.make("1"), budget: .seconds(1))
                #expect(record.outcome == .completed)
                break
            } catch {
                // The start may end with less than a fork takes left.
                #expect(error.kind == .zygoteStart || error.kind == .deadline)
                faults += 1
                try pool.tidy(until: .now)
            }
        }
        // One start went on through all of them.
        #expect((3...20).contains(faults))
    }

    @Test func `from a run that nothing is left of the time for`() throws {
        let pool = try Pool.make(in: folder)
        let fault = #expect(throws: Fault.self) { try pool.run(.make("1"), budget: .zero) }
        #expect(fault?.kind == .deadline)
        try pool.tidy(until: nil)
        try expectWell(pool)
    }

    private func expectWell(_ pool: Pool) throws {
        let input = Job.File(name: "in.txt", bytes: [0x31])
        let record = try pool.run(.make("plot(scan('in.txt'))", inputs: [input]))
        #expect(record.outcome == .completed)
        #expect(record.artifacts.map(\.name) == ["chart-001.png"])
        try pool.tidy(until: nil)
    }
}

@Suite("A zygote is replaced", .serialized)
struct ZygoteRenewalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        (forks: 999, resident: Int64(125), isDue: false), (1000, 100, true), (0, 126, true),
        (0, 80, false), (1, 0, false),
    ])
    func `once it has forked a thousand times or grown by a quarter`(
        forks: Int,
        resident: Int64,
        isDue: Bool
    ) {
        let renewal = ZygoteRenewal()
        #expect(renewal.isDue(forks: forks, resident: resident, initially: 100) == isDue)
    }

    @Test(arguments: [true, false])
    func `after so many runs, and each of them is well`(spare: Bool) throws {
        let renewal = ZygoteRenewal(mostForks: 3, mostGrowth: 100)
        let pool = try Pool.make(in: folder, renewal: renewal) { $0.spares = spare ? 1 : 0 }
        var zygotes: [Int32] = []
        for _ in 0..<7 {
            #expect(try pool.run(.make("1")).outcome == .completed)
            zygotes.append(try #require(pool.zygote?.pid))
            try pool.tidy(until: nil)
        }
        // It forked one for the start, and two or three until it was replaced.
        #expect((3...4).contains(Set(zygotes).count))
        #expect(zygotes[0] == zygotes[1])
    }

    @Test func `where it has grown`() throws {
        // By a negative share every zygote has.
        let renewal = ZygoteRenewal(mostForks: 1000, mostGrowth: -1)
        let pool = try Pool.make(in: folder, renewal: renewal)
        let first = try #require(pool.zygote?.pid)
        #expect(try pool.run(.make("1")).outcome == .completed)
        try pool.tidy(until: nil)
        #expect(pool.zygote?.pid != first)
        #expect(try ProcessStatus.isDead(first) || ProcessStatus.startTime(of: first) == nil)
        #expect(try pool.run(.make("1")).outcome == .completed)
    }
}
