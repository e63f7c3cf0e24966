import RampartCore
import SystemPackage

/// The host's own folder, below which every run has its scratch directory.
///
/// It is emptied and removed when the host is done with it.
final class ScratchRoot {
    let name: String
    let path: String
    let directory: OwnedDescriptor
    /// Where R keeps what it needs before it forks.
    let zygoteDirectory: String

    private var made = 0

    /// Makes the folder in `parent`: `/tmp`, the one writable place in Lambda.
    init(in parent: String) throws(Fault) {
        name = "rampart-\(SystemCalls.processID)-\(UInt32.random(in: .min ... .max))"
        path = "\(parent)/\(name)"
        zygoteDirectory = "\(path)/zygote"
        do {
            // A run's own user passes through, and can list nothing.
            try SystemCalls.makeDirectory(path, mode: 0o711)
            try SystemCalls.makeDirectory(zygoteDirectory, mode: 0o700)
            directory = try SystemCalls.openDirectory(path)
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path)", cause: "\(error)")
        }
    }

    deinit {
        try? SystemCalls.empty(directory)
        try? SystemCalls.removeDirectory(path)
    }

    /// Makes the scratch directory of the next run.
    func makeScratch(for user: UInt32?) throws(Fault) -> ScratchDirectory {
        made += 1
        return try ScratchDirectory(at: "\(path)/run-\(made)", user: user)
    }
}
