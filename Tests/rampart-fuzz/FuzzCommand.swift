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

    func run() throws {
        var isWell = true
        for target in FuzzTarget.allCases {
            let start = seed ?? (seconds == nil ? 0 : Int.random(in: 0..<1 << 40))
            let end = seconds.map { ContinuousClock.now + .seconds($0) }
            let walk = Walk(
                target,
                from: start,
                to: end == nil ? start + iterations : .max,
                until: end
            )
            let folder = "\(corpus)/\(target.rawValue)s"
            print("\(target.rawValue)s from seed \(start) …")
            let findings = walk.run(collecting: collect)
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
