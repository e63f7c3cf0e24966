import Testing

@testable import RampartSandbox

@Suite("The shield's own check")
struct ShieldCheckTests {
    @Test func `sees what can be read`() throws {
        let child = try Program("/usr/bin/perl", ["-e", "$| = 1; print qq($$\\n); sleep 600"])
        #expect(try SystemCalls.canRead(child.pid, as: nil))
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `sees that another user can read nothing of the host`() throws {
        #expect(try !SystemCalls.canRead(SystemCalls.processID, as: 60_599))
    }

    @Test(.enabled(if: SystemCalls.user == 0, "needs root"))
    func `sees what a user can read of its own`() throws {
        let arguments = [
            "--reuid=60598", "--regid=60598", "--clear-groups", "/usr/bin/perl", "-e",
            "$| = 1; print qq($$\\n); sleep 600",
        ]
        let child = try Program("/usr/bin/setpriv", arguments)
        #expect(try SystemCalls.canRead(child.pid, as: 60_598))
        #expect(try !SystemCalls.canRead(child.pid, as: 60_599))
    }
}
