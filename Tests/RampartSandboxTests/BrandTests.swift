import CSandbox
import Foundation
import SystemPackage
import Testing

@testable import RampartSandbox

extension SharedUserTests {
    @Suite("The brand")
    struct BrandTests {
        @Test(
            arguments: [(96_365, 777), (778, 777), (777, 776), (500, 499), (1, 0), (0, nil)]
                as [(
                    UInt64, UInt32?
                )]
        )
        func `lies below the host's own limit`(own: UInt64, limit: UInt32?) throws {
            let brand = try Brand(below: own)
            #expect(brand.limit == limit)
            #expect(brand.wire == limit ?? RAMPART_NO_BRAND)
        }

        @Test func `is nobody's on a machine where the host's own limit is low`() throws {
            let neighbour = try limited(to: 500)
            let brand = try Brand(below: 500)
            #expect(try !brand.isBorne(by: neighbour.pid))
            let lower = try limited(to: 499)
            #expect(try brand.isBorne(by: lower.pid))
        }

        @Test func `spares who bore it before any run, and their children`() throws {
            let parent = try limited(
                to: 700,
                doing: "$SIG{USR1} = sub { fork or exec qw(sleep 600) };"
            )
            let brand = try Brand()
            #expect(try !brand.isBorne(by: parent.pid))
            kill(parent.pid, SIGUSR1)
            var children: [Int32] = []
            while children.isEmpty {
                children = try ProcessStatus.living { pid throws(Errno) in
                    try ProcessStatus.parent(of: pid) == parent.pid
                }
            }
            defer { children.forEach { SystemCalls.kill($0) } }
            #expect(try !brand.isBorne(by: children[0]))
            let later = try limited(to: 700)
            #expect(try brand.isBorne(by: later.pid))
        }

        @Test func `is nothing that can be told where there is none`() throws {
            let brand = try Brand(below: 0)
            let lowest = try limited(to: 0)
            #expect(try !brand.isBorne(by: lowest.pid))
        }

        private func limited(to limit: Int, doing rest: String = "") throws -> Program {
            let perl = "perl -e '$| = 1; \(rest) print qq($$\\n); sleep 600 while 1'"
            return try Program("/bin/bash", ["-c", "ulimit -i \(limit); exec \(perl)"])
        }
    }
}
