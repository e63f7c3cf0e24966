import RampartCore

/// How the zygote is started: R's own program, an environment made from nothing, and no secret in either.
struct ZygoteCommand: Sendable, Hashable {
    let executable: String
    let arguments: [String]
    let environment: [String]
    private static let script = "/rampart/zygote.R"

    /// Whether a process with that command line is a zygote.
    static func isCommandLine(_ line: [UInt8]) -> Bool {
        line.suffix(script.utf8.count + 1).elementsEqual("\(script)\0".utf8)
    }
}

extension ZygoteCommand {
    /// Creates the command: `library` is the folder that the R package `rampart` is installed in, and
    /// `temporary` R's `TMPDIR` and home.
    init(engine: REngine, settings: Settings, library: String, temporary: String) {
        executable = engine.executable
        arguments = [
            "R", "--no-echo", "--no-restore", "--no-save", "--no-site-file", "--no-init-file",
            "--no-environ", "--file=\(library)\(Self.script)",
        ]
        let own = [
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "HOME": temporary,
            "TMPDIR": temporary,
            "XDG_CACHE_HOME": temporary,
            "LC_ALL": "C.UTF-8",
            "LANG": "C.UTF-8",
            "LANGUAGE": "en",
            "TZ": "UTC",
            "R_LIBS": library,
            // Threads that a fork would lose.
            "CLI_NO_THREAD": "1",
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "RAMPART_PRELOAD": settings.preload.joined(separator: ","),
            "RAMPART_WARMUP": settings.warmUp ? "on" : "off",
            "RAMPART_WARMUP_MS": "\(settings.warmUpMilliseconds)",
        ]
        environment = own.merging(engine.environment) { own, _ in own }
            .map { "\($0.key)=\($0.value)" }
            .sorted()
    }
}
