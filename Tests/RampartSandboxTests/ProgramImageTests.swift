import SystemPackage
import Testing

@testable import RampartSandbox

@Suite("The file that a zygote was started from")
struct ProgramImageTests {
    /// Does to it what a run that owns it can do at `/proc/self/exe`.
    private func isAsStarted(after act: String) throws -> Bool {
        let (file, isShielded) = try SystemCalls.openImage("/bin/true")
        #expect(isShielded)
        let image = ProgramImage(file)
        #expect(image.isAsStarted)
        let path = "/proc/\(SystemCalls.processID)/fd/\(file.descriptor.rawValue)"
        try Program.run("/usr/bin/perl", ["-e", "our $at = '\(path)'; \(act)"])
        return image.isAsStarted
    }

    @Test func `shows that a run gave it another mode`() throws {
        #expect(try !isAsStarted(after: "chmod 0755, $at or die $!"))
    }

    @Test func `shows that a run gave it another mode and the old one again`() throws {
        #expect(try !isAsStarted(after: "chmod 0755, $at or die $!; chmod 0111, $at or die $!"))
    }

    @Test func `shows that a run attached a value to it`() throws {
        // setxattr(2).
        let act = "syscall(188, $at, my $n = 'user.left', my $v = 'x', 1, 0) == 0 or die $!"
        #expect(try !isAsStarted(after: act))
    }

    @Test func `lets nobody write to it`() throws {
        let act = "chmod 0755, $at or die $!; open F, '+<', $at or exit 0; syswrite F, 'x' and die"
        #expect(try !isAsStarted(after: act))
    }

    @Test func `is as it was where a run only looked at it`() throws {
        #expect(try isAsStarted(after: "my @found = stat $at or die $!"))
    }
}
