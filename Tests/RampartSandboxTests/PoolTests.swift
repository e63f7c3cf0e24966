import Foundation
import RampartCore
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A pool", .serialized)
struct SandboxTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func `runs a script to its end and brings all that it made`() throws {
        let pool = try pool()
        let input = Job.File(name: "in.csv", bytes: Array("x\n1\n".utf8))
        let code = """
            cat("to stdout")
            message("a message")
            d <- read.csv("in.csv")
            plot(d$x)
            write.csv(d, "out.csv")
            runif(1)
            """
        let record = try pool.run(.make(code, inputs: [input], seed: 42))
        #expect(record.outcome == .completed)
        #expect(record.stdout.text.hasPrefix("to stdout"))
        #expect(record.artifacts.map(\.name) == ["chart-001.png", "out.csv"])
        #expect(
            record.artifacts.first?.role
                == .chart(width: 1600, height: 1000, line: 4, alt: nil, description: nil)
        )
        #expect(record.report.conditions.first?.message.hasPrefix("a message") == true)
        let value = try JSONValue(parsing: try #require(record.report.value).whole.bytes)
        #expect(value["class"] == ["numeric"])
        #expect(record.usage.cpu > .zero)
        #expect(try record.artifacts[1].content.readAll().isEmpty == false)
    }

    @Test func `says how a script failed, and is none the worse`() throws {
        let pool = try pool()
        let failed = try pool.run(.make("x <- 1\nf <- function() stop('no')\nf()"))
        #expect(failed.outcome.status == .failed)
        #expect(failed.outcome.error?.message == "no")
        #expect(failed.outcome.error?.line == 3)
        try pool.tidy(until: nil)
        let unparsed = try pool.run(.make("x <- (1\n"))
        #expect(unparsed.outcome.error?.kind == .parse)
        try pool.tidy(until: nil)
        #expect(try pool.run(.make("exists('x')")).outcome == .completed)
    }

    @Test func `ends a script at its bounds and keeps what was finished`() throws {
        let pool = try pool()
        let wall = try pool.run(
            .make("cat('before')\nSys.sleep(600)", limits: .make { $0.wallSeconds = 1 })
        )
        #expect(wall.outcome.limit == .wall)
        #expect(wall.stdout.text == "before")
        try pool.tidy(until: nil)
        let output = try pool.run(
            .make("repeat cat(strrep('x', 1e5))", limits: .make { $0.outputMB = 1 })
        )
        #expect(output.outcome.limit == .output)
        #expect((63 << 10...64 << 10).contains(output.stdout.text.utf8.count))
        try pool.tidy(until: nil)
        let cpu = try pool.run(.make("repeat 1", limits: .make { $0.cpuSeconds = 1 }))
        #expect(cpu.outcome.limit == .cpu)
        try pool.tidy(until: nil)
        let memory = try pool.run(.make("x <- numeric(5e7)", limits: .make { $0.memoryMB = 64 }))
        #expect(memory.outcome.limit == .memory)
        #expect(memory.outcome.error?.line == 1)
        try pool.tidy(until: nil)
        #expect(try pool.run(.make("1")).outcome == .completed)
    }

    @Test func `tells a worker that failed by itself from a script that quit`() throws {
        let pool = try pool()
        // More than a worker takes.
        let fault = #expect(throws: Fault.self) {
            try pool.run(.make(String(repeating: "#", count: 2 << 20)))
        }
        #expect(fault?.kind == .workerStart)
        try pool.tidy(until: nil)
        for status in [65, 70] {
            let quit = try pool.run(.make("quit(status = \(status))"))
            #expect(quit.outcome.error?.exitCode == Int32(status))
            try pool.tidy(until: nil)
        }
    }

    @Test func `tells a script that quit from one that ended`() throws {
        let pool = try pool()
        let quit = try pool.run(.make("cat('bye')\nquit(status = 3)"))
        #expect(quit.outcome.status == .failed)
        #expect(quit.outcome.error?.exitCode == 3)
        #expect(quit.stdout.text == "bye")
        try pool.tidy(until: nil)
        let forged = try pool.run(.make("tools::pskill(Sys.getpid(), 11)"))
        #expect(forged.outcome.status != .completed)
    }

    @Test func `gives the same with a spare and without`() throws {
        let code =
            "set.seed(1)\nprint(rnorm(2))\nwriteLines('x', 'f.txt')\nwarning('w')\nlist(a = 1)"
        var records: [RunRecord] = []
        for spare in [true, false] {
            let pool = try pool { $0.spares = spare ? 1 : 0 }
            // The first and a later one.
            for _ in 0..<2 {
                records.append(try pool.run(.make(code, seed: 7)))
                try pool.tidy(until: nil)
            }
        }
        #expect(Set(records.map(\.outcome)).count == 1)
        #expect(Set(records.map(\.report)).count == 1)
        #expect(Set(records.map(\.stdout)).count == 1)
        #expect(Set(records.map(\.confinement)).count == 1)
        #expect(Set(records.map { $0.artifacts.map(\.sha256) }).count == 1)
        #expect(records[0].outcome == .completed)
    }

    @Test func `keeps the order of events in a transcript`() throws {
        let pool = try pool()
        let code = "cat('one\\n')\nmessage('two')\ncat('three\\n')"
        let transcript = try #require(pool.run(.make(code, transcript: true)).transcript)
        let entries = transcript.json
        let kinds = entries.compactMap { $0["kind"]?.stringValue }.filter {
            $0 != "source" && $0 != "stderr"
        }
        #expect(kinds == ["stdout", "condition", "stdout"])
        #expect(
            entries.compactMap { $0["text"]?.stringValue }.filter {
                $0 == "one\n" || $0 == "three\n"
            } == ["one\n", "three\n"]
        )
    }

    @Test func `leaves nothing of one run to the next`() throws {
        let pool = try pool()
        let paths = "cat(getwd(), tempdir())\nwriteLines('x', 'f')"
        let first = try pool.run(.make(paths))
        let folders = first.stdout.text.split(separator: " ").map(String.init)
        #expect(folders.count == 2)
        try pool.tidy(until: nil)
        for path in folders { #expect(!FileManager.default.fileExists(atPath: path)) }
        #expect(
            try pool.run(.make("cat(list.files(all.files = TRUE, no.. = TRUE))")).stdout.text
                == ""
        )
    }

    @Test func `starts R anew where it died before a run`() throws {
        let pool = try pool()
        pool.killZygote()
        #expect(try pool.run(.make("1")).outcome == .completed)
    }

    @Test func `calls a run a fault whose zygote died, and runs the next`() throws {
        let pool = try pool()
        let victim = try #require(pool.zygote?.pid)
        let parent = folder.path
        // The script says that it runs by a folder; only then is the zygote killed.
        let killer = Thread {
            while Self.marker(below: parent) == nil { sched_yield() }
            SystemCalls.kill(victim)
        }
        killer.start()
        let fault = #expect(throws: Fault.self) {
            try pool.run(
                .make("dir.create('started')\nSys.sleep(600)", limits: .make { $0.wallSeconds = 3 })
            )
        }
        #expect(fault?.kind == .zygoteGone)
        try pool.tidy(until: nil)
        #expect(try pool.run(.make("1")).outcome == .completed)
    }

    @Test func `refuses to start without a package that it is to load, and names it`() throws {
        let fault = #expect(throws: Fault.self) { try pool { $0.preload = ["no.such.package"] } }
        #expect(fault?.kind == .invalidConfiguration)
        #expect(fault?.cause.contains("no.such.package") == true)
    }

    @Test func `refuses to start without a layer that is required, and names it`() throws {
        let states = try pool().confinement.layers
        let missing = Layer.allCases.filter { states[$0] != .enforced }
        for layer in missing {
            let fault = #expect(throws: Fault.self) { try pool { $0.require = [layer] } }
            #expect(fault?.cause.contains("layer \(layer.rawValue) is") == true)
        }
        let held = Set(Layer.allCases).subtracting(missing)
        #expect(throws: Never.self) { try pool { $0.require = held } }
    }

    @Test func `knows R and its packages before it runs anything`() throws {
        let pool = try pool()
        #expect(pool.engine.r?.hasPrefix("4.") == true)
        #expect(pool.installedPackages["stats"] != nil)
        #expect(pool.installedPackages["rampart"] == nil)
        #expect(pool.confinement.layers[.environment] == .enforced)
        #expect(pool.confinement.layers[.limits] == .enforced)
    }

    private func pool(_ change: (inout Settings) -> Void = { _ in }) throws -> Pool {
        try Pool.make(in: folder, change)
    }

    /// The folder that a script made to say that it runs.
    private static func marker(below parent: String) -> String? {
        let files = FileManager.default
        for root in (try? files.contentsOfDirectory(atPath: parent)) ?? [] {
            for run in (try? files.contentsOfDirectory(atPath: "\(parent)/\(root)")) ?? [] {
                let marker = "\(parent)/\(root)/\(run)/work/started"
                if files.fileExists(atPath: marker) { return marker }
            }
        }
        return nil
    }
}
