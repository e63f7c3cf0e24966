import CSandbox
import Glibc
import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("A folder's attributes")
struct FolderAttributesTests {
    @Test func `are refused where there is no room for all, and nothing is written beyond`() throws
    {
        let folder = try TemporaryFolder()
        // setxattr(2), of three values.
        try folder.perl(
            "my ($at, $value) = ('.', 'x' x 40); "
                + "for my $name ('user.a', 'user.b', 'user.c') { syscall(188, $at, my $own = $name, $value, 40, 0) == 0 or die $! }"
        )
        let opened = try folder.open()
        let whole = try SystemCalls.attributes(of: opened).count
        #expect(whole >= 120)
        for capacity in 0...whole {
            var bytes = [UInt8](repeating: 0xEE, count: whole + 64)
            let length = unsafe rampart_attributes(opened.descriptor.rawValue, &bytes, capacity)
            let cause = errno
            #expect(length == (capacity == whole ? whole : -1), "\(capacity)")
            #expect(capacity == whole || cause == E2BIG, "\(capacity)")
            #expect(bytes[capacity...].allSatisfy { $0 == 0xEE }, "\(capacity)")
        }
    }
}
