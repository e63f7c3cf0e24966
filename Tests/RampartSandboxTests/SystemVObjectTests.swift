import Testing

@testable import RampartSandbox

@Suite("A System V object", .enabled(if: SystemCalls.user == 0, "needs root"))
struct SystemVObjectTests {
    @Test func `is told from one of another kind with its number, and none is overlooked`() throws {
        let users = RunUsers()
        let user = try #require(try users.claim())
        let making = """
            $| = 1; for (1..1100) { defined semget(0, 1, 0600) or die }
            defined shmget(0, 64, 0600) && defined msgget(0, 0600) or die; print "$$\\n";
            """
        let arguments = [
            "--reuid=\(user.id)", "--regid=\(user.id)", "--clear-groups", "/usr/bin/perl", "-e",
            making,
        ]
        _ = try Program("/usr/bin/setpriv", arguments)
        let objects = try SystemCalls.systemVObjects(of: user.id)
        #expect(objects.count == 1102)
        #expect(Set(objects.map(\.kind)).count == 3)
        for object in objects { try SystemCalls.remove(object) }
        #expect(try SystemCalls.systemVObjects(of: user.id) == [])
        // What is gone is no failure.
        for object in objects { try SystemCalls.remove(object) }
    }
}
