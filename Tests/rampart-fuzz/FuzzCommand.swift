import ArgumentParser
import Foundation
import RampartFuzz

/// Decodes hostile inputs, one a seed, on all processors.
@main
struct FuzzCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rampart-fuzz",
        abstract: "Decodes hostile events and reports, and checks what the decoders promise."
    )

    @Option(help: "How many inputs each decoder gets.")
    var iterations = 1_000_000

    @Option(help: "How long each decoder is tried, in place of a number of inputs.")
    var seconds: Double?

    @Option(help: "The first seed; a random one where seconds are given.")
    var seed: Int?

    @Option(
        help:
            "The folder that inputs which break a promise are written into, for the tests to replay."
    )
    var corpus = "Tests/RampartCoreTests/Corpus"

    @Flag(help: "Writes the first input of each kind there too.")
    var collect = false

    @Option(help: .hidden)
    var underWay: String?

    func run() throws {
        guard let underWay else { return try watch() }
        try walk(UnderWay(at: underWay))
    }

    /// Has a process of its own do the work, and keeps the input that ends it: a decoder that traps, or one that
    /// does not end.
    private func watch() throws {
        let steps = FileManager.default.temporaryDirectory
            .appending(path: "rampart-fuzz-\(ProcessInfo.processInfo.processIdentifier)").path
        let underWay = UnderWay(at: steps)
        try underWay.clear()
        defer { try? FileManager.default.removeItem(atPath: steps) }
        let child = Process()
        child.executableURL = URL(filePath: CommandLine.arguments[0])
        child.arguments = CommandLine.arguments.dropFirst() + ["--under-way", steps]
        try child.run()
        child.waitUntilExit()
        if child.terminationReason == .uncaughtSignal {
            for (target, seed) in try underWay.steps() {
                print("the end came in seed \(seed) of the \(target.rawValue)s, or beside it")
                try write(target.input(seed: seed), to: "\(folder(of: target))/flaw-\(seed)")
            }
        }
        guard child.terminationStatus == 0, child.terminationReason == .exit else {
            throw ExitCode.failure
        }
    }

    private func folder(of target: FuzzTarget) -> String { "\(corpus)/\(target.rawValue)s" }

    private func walk(_ underWay: UnderWay) throws {
        var isWell = true
        for target in FuzzTarget.allCases {
            let start = seed ?? (seconds == nil ? 0 : Int.random(in: 0..<1 << 40))
            let end = seconds.map { ContinuousClock.now + .seconds($0) }
            let walk = Walk(
                target,
                from: start,
                to: end == nil ? start + target.count(of: iterations) : .max,
                until: end
            )
            let folder = folder(of: target)
            print("\(target.rawValue)s from seed \(start) …")
            fflush(nil)
            try underWay.clear()
            let findings = walk.run(collecting: collect, underWay)
            for flaw in findings.flaws {
                print("  seed \(flaw.seed): \(flaw.what)")
                try write(target.input(seed: flaw.seed), to: "\(folder)/flaw-\(flaw.seed)")
            }
            for (number, seed) in findings.kinds.values.sorted().enumerated() where collect {
                try write(target.input(seed: seed), to: "\(folder)/kind-\(number)")
            }
            print("  \(findings.count) inputs, \(findings.flaws.count) flaws")
            isWell = isWell && findings.flaws.isEmpty
        }
        if !isWell { throw ExitCode.failure }
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        let file = URL(filePath: path)
        let folder = file.deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
}
