import CSandbox
import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("Where the kernel refuses", .serialized)
struct RefusalTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `pidfds, a worker's end is seen by its pipes' and its state`() throws {
        try refusing(RAMPART_CALL_PIDFD_OPEN) {
            let pool = try Pool.make(in: folder)
            let began = ContinuousClock.now
            let whole = try pool.run(.make("cat('to the end')"))
            #expect(began.duration(to: .now) < .seconds(5))
            #expect(whole.outcome == .completed)
            #expect(whole.stdout.text == "to the end")
            try pool.tidy(until: nil)
            let quit = try pool.run(.make("cat('bye')\nquit(status = 3)"))
            #expect(quit.outcome.error?.exitCode == 3)
            #expect(quit.stdout.text == "bye")
        }
    }

    @Test func `pidfds, the bounds hold`() throws {
        try refusing(RAMPART_CALL_PIDFD_OPEN) {
            let pool = try Pool.make(in: folder)
            let began = ContinuousClock.now
            let wall = try pool.run(
                .make("Sys.sleep(600)", limits: .make { $0.wallSeconds = 1 })
            )
            #expect(wall.outcome.limit == .wall)
            #expect(began.duration(to: .now) < .seconds(4))
            try pool.tidy(until: nil)
            let output = try pool.run(
                .make("repeat cat(strrep('x', 1e5))", limits: .make { $0.outputMB = 1 })
            )
            #expect(output.outcome.limit == .output)
            try pool.tidy(until: nil)
            #expect(try pool.run(.make("1")).outcome == .completed)
        }
    }

    @Test func `openat2, artifacts are opened step by step, and through no link`() throws {
        let scratch = try ScratchDirectory.make(in: folder)
        try folder.write("a", to: "run/work/d/e/a.txt")
        try folder.write("b", to: "run/work/b.txt")
        try folder.write("secret", to: "outside/secret")
        try folder.perl(
            "symlink('../../outside', 'run/work/link'); symlink('../../outside/secret', 'run/work/file')"
        )
        try refusing(RAMPART_CALL_OPENAT2) {
            var collector = ArtifactCollector(scratch, for: .make(), report: Report())
            collector.collect(until: .now + .seconds(60))
            #expect(collector.artifacts.map(\.originalName) == [nil, "d/e/a.txt"])
            #expect(try collector.artifacts.map { try $0.content.readAll() } == [[0x62], [0x61]])
            #expect(collector.leftOut.first.map(\.name) == ["file", "link"])
            let work = try scratch.open("work")
            for path in [["link", "secret"], ["file"], ["..", "tmp"], ["d/e/a.txt"]] {
                let names = path.map { Array($0.utf8) }
                #expect(throws: Errno.self, "\(path)") {
                    try SystemCalls.open(names, beneath: work)
                }
            }
        }
    }

    @Test func `anonymous files, a script lies in a file without a name`() throws {
        let place = try folder.open()
        try refusing(RAMPART_CALL_MEMFD_CREATE) {
            let file = try SystemCalls.anonymousFile(Array("1 + 1".utf8), in: place)
            #expect(try SystemCalls.read(file, upTo: 10, at: 0) == Array("1 + 1".utf8))
            #expect(try SystemCalls.status(of: file).links == 0)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func `anonymous files, R is started from its own file, and the shield says so`() throws {
        try refusing(RAMPART_CALL_MEMFD_CREATE) {
            #expect(try !SystemCalls.openImage("/bin/sh").isShielded)
            let pool = try Pool.make(in: folder)
            #expect(try pool.run(.make("1")).outcome == .completed)
            #expect(pool.zygote?.isShielded == false)
        }
    }

    @Test func `a process, the run is a fault and the next one well`() throws {
        let pool = try Pool.make(in: folder)
        try refusing(RAMPART_CALL_FORK) {
            pool.killZygote()
            let fault = #expect(throws: Fault.self) { try pool.run(.make("1")) }
            #expect(fault?.kind == .zygoteStart)
            #expect(throws: Never.self) { try pool.tidy(until: nil) }
        }
        try pool.tidy(until: nil)
        #expect(try pool.run(.make("1")).outcome == .completed)
    }

    @Test func `a process, the shield's check says that it could not be made`() throws {
        try refusing(RAMPART_CALL_FORK) {
            let error = #expect(throws: Errno.self) {
                try SystemCalls.canRead(SystemCalls.processID, as: nil)
            }
            #expect(error == .notPermitted)
        }
    }

    @Test func `nothing, all of it is had`() throws {
        #expect(throws: Never.self) { try SystemCalls.pidfd(of: SystemCalls.processID) }
        #expect(try SystemCalls.openImage("/bin/sh").isShielded)
    }
}
