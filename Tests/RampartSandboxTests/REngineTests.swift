import CSandbox
import Foundation
import RampartCore
import Testing

@testable import RampartSandbox

@Suite("R's place")
struct REngineTests {
    @Test func `is found through the wrapper on the path, whose first assignments count`() throws {
        let folder = try home(
            "R_HOME_DIR=@/lib\nif x\nR_HOME_DIR=/elsewhere\nR_SHARE_DIR=/usr/share/R\nR_DOC_DIR=relative\nFOO=/bar\n"
        )
        let engine = try REngine(home: nil, path: "/nowhere:\(folder.path)/lib/bin")
        #expect(engine.home == "\(folder.path)/lib")
        #expect(engine.executable == "\(folder.path)/lib/bin/exec/R")
        #expect(engine.environment["R_SHARE_DIR"] == "/usr/share/R")
        #expect(engine.environment["R_DOC_DIR"] == "\(folder.path)/lib/doc")
        #expect(engine.environment["R_HOME"] == engine.home)
    }

    @Test func `may be said`() throws {
        let folder = try home("R_HOME_DIR=/elsewhere\n")
        #expect(try REngine(home: "\(folder.path)/lib", path: "").home == "\(folder.path)/lib")
    }

    @Test func `is missed with a sentence that says what to do`() throws {
        let none = #expect(throws: Fault.self) { try REngine(home: nil, path: "/nowhere:") }
        #expect(none?.kind == .missingEngine)
        #expect(none?.cause.contains("RAMPART_R") == true)
        let wrong = #expect(throws: Fault.self) { try REngine(home: "/nowhere", path: "/usr/bin") }
        #expect(wrong?.kind == .missingEngine)
        #expect(wrong?.cause.contains("/nowhere/bin/exec/R") == true)
    }

    @Test func `is started with nothing of the host's environment`() throws {
        let folder = try home("R_HOME_DIR=@/lib\n")
        var settings = Settings()
        settings.signingKey = "secret"
        settings.preload = ["a", "b"]
        let command = ZygoteCommand(
            engine: try REngine(home: "\(folder.path)/lib", path: ""),
            settings: settings,
            library: "/library",
            temporary: "/scratch"
        )
        #expect(command.environment.contains("RAMPART_PRELOAD=a,b"))
        #expect(command.environment.contains("TMPDIR=/scratch"))
        #expect(command.environment.contains("CLI_NO_THREAD=1"))
        #expect(!command.environment.contains { $0.contains("secret") || $0.hasPrefix("AWS") })
        #expect(command.arguments.contains("--file=/library/rampart/zygote.R"))
    }

    private func home(_ wrapper: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(wrapper.replacing("@", with: folder.path), to: "lib/bin/R")
        try folder.write("", to: "lib/bin/exec/R")
        try folder.perl("chmod 0755, 'lib/bin/R', 'lib/bin/exec/R'")
        return folder
    }
}
