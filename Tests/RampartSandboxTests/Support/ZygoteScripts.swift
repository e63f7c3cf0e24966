import CSandbox
import Testing

@testable import RampartSandbox

extension ZygoteCommand {
    /// A zygote in perl, which says READY and then answers each message with what the code has in `$_`.
    ///
    /// - Parameters:
    ///   - answer: perl; it finds the message's kind in `$kind`.
    ///   - threads: how many it says it has.
    /// - Returns: the command that starts it.
    static func perl(answering answer: String = "", threads: Int = 1) -> ZygoteCommand {
        let script = """
            open(my $c, '+<&=', 3) or die;
            syswrite $c, pack('l3L', 1, \(RAMPART_WIRE_VERSION), \(threads), 2) . '{}';
            while (sysread($c, my $m, 9000)) {
                my $kind = unpack('l', $m);
                local $_ = '';
                \(answer);
                syswrite $c, $_ if length;
            }
            """
        return ZygoteCommand(
            executable: "/usr/bin/perl",
            arguments: ["perl", "-e", script],
            environment: []
        )
    }
}

extension Zygote {
    /// Starts a zygote that has a test's folder.
    static func make(_ command: ZygoteCommand, in folder: TemporaryFolder) throws -> Zygote {
        let parent = try SystemCalls.openDirectory(folder.path)
        let own = try ZygoteFolder("zygote", in: parent, at: folder.path)
        let launch = try ZygoteLaunch(command, in: own)
        return try #require(try launch.awaitReady(until: .now + .seconds(60)))
    }
}

/// A library whose `zygote.R` does what a test wants before it serves.
final class DirectedLibrary {
    let path: String
    private let folder: TemporaryFolder

    init(in folder: TemporaryFolder) throws {
        self.folder = folder
        path = "\(folder.path)/library"
        let script = """
            first <- '\(path)/first.R'
            if (file.exists(first)) source(first)
            .libPaths(c('\(Pool.library)', .libPaths()))
            .Call(rampart:::C_evaluate, rampart:::serve())
            """
        try folder.write(script, to: "library/rampart/zygote.R")
    }

    /// Has every zygote from now on begin with this R code.
    func begin(with code: String) throws {
        try? folder.perl("unlink 'library/first.R'")
        try folder.write(code, to: "library/first.R")
    }
}
