import Foundation
import SystemPackage
import Testing

@testable import RampartSandbox

extension SharedUserTests {
    @Suite("A tag")
    struct RunTagTests {
        @Test(arguments: [(96_365, 16), (1000, 16), (17, 16), (16, 16), (1, 1)] as [(UInt64, Int)])
        func `lies below the host's own limits`(pending: UInt64, count: Int) throws {
            let tags = try #require(try RunTag.make(count, below: (pending, .max)))
            #expect(tags.count == count)
            #expect(tags.allSatisfy { UInt64($0.pendingSignals) < pending && $0.locks > 0 })
        }

        @Test(arguments: [(15, UInt64.max), (0, .max), (96_365, 1000)] as [(UInt64, UInt64)])
        func `is nobody's if the host's own limits are too low`(
            pending: UInt64,
            locks: UInt64
        ) throws {
            #expect(try RunTag.make(16, below: (pending, locks)) == nil)
        }

        @Test func `covers its own processes, whatever they lower, and no other slot's`() throws {
            let tags = try #require(try RunTag.make(16, below: (96_365, .max)))
            for (index, tag) in tags.enumerated() {
                let own = (UInt64(tag.pendingSignals), UInt64(tag.locks))
                let covering = tags.indices.filter {
                    tags[$0].covers(pendingSignals: own.0, locks: own.1)
                }
                #expect(covering == [index])
                #expect(tag.covers(pendingSignals: 0, locks: own.1))
                #expect(tag.covers(pendingSignals: own.0, locks: 0))
            }
        }

        @Test func `tells a process by both limits`() throws {
            let tag = RunTag(pendingSignals: 500, locks: 900)
            for (pending, locks, isBorne) in [
                (500, "900", true), (499, "0", true), (501, "900", false), (500, "901", false),
                (0, "unlimited", false),
            ] {
                let process = try Program.limited(toPending: pending, locks: locks)
                #expect(try tag.isBorne(by: process.pid) == isBorne, "\(pending) \(locks)")
            }
        }
    }
}

extension Program {
    /// A program that has left its parent's session, under limits of pending signals and file locks.
    static func limited(
        toPending pending: Int,
        locks: String,
        doing act: String = "sleep 600"
    ) throws -> Program {
        let perl = "setsid perl -e '$| = 1; print qq($$\\n); \(act)'"
        return try Program(
            "/bin/bash",
            ["-c", "ulimit -i \(pending); ulimit -x \(locks); exec \(perl)"]
        )
    }

    /// The same with the limits that a tag is.
    static func bearing(_ tag: RunTag, doing act: String = "sleep 600") throws -> Program {
        try limited(toPending: Int(tag.pendingSignals), locks: "\(tag.locks)", doing: act)
    }
}
