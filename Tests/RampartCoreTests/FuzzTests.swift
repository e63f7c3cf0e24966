import Foundation
import RampartFuzz
import Testing

@testable import RampartCore

/// A short walk in every run of the tests; `make fuzz` takes a long one.
@Suite("Fuzz: whatever arrives")
struct FuzzTests {
    @Test func `as an event is a request or a rejection that points at a field`() throws {
        let kinds = try walk(.event)
        // The walk is of no use where it never gets past the door, or always does.
        #expect(kinds.count { $0 == "a request" } > 10)
        #expect(Set(kinds).count > 50)
    }

    @Test func `as a report makes an envelope that its caller can read`() throws {
        let kinds = try walk(.report)
        #expect(kinds.count { !$0.contains("no end") } > 10)
        #expect(Set(kinds).count > 30)
    }

    @Test func `as a report of megabytes makes an envelope that fits and is as its schema says`()
        throws
    {
        for seed in 0..<4 { try FuzzTarget.weight.check(FuzzTarget.weight.input(seed: seed)) }
    }

    @Test(arguments: [FuzzTarget.event, .report])
    func `or once did is decoded as it was promised`(target: FuzzTarget) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Corpus/\(target.rawValue)s")
        let files = try FileManager.default.contentsOfDirectory(
            at: folder,
            includingPropertiesForKeys: nil
        )
        #expect(files.count >= 50)
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            #expect(throws: Never.self, "\(file.lastPathComponent)") { try target.check(bytes) }
        }
    }

    /// Returns what each step led to.
    private func walk(_ target: FuzzTarget) throws -> [String] {
        try (0..<1000).map { try target.check(target.input(seed: $0)) }
    }
}
