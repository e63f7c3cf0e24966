import RampartCore
import SystemPackage

/// A run's only writable place: `work/`, `charts/` and `tmp/`; see `docs/protocol.md`.
final class ScratchDirectory: Sendable {
    let path: String
    /// Its name in the host's own folder.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }
    /// The user that the run is; nil where it is the host's own.
    var user: UInt32? { claim?.id }

    private let claim: RunUser?
    private let directory: OwnedDescriptor

    init(at path: String, user claim: RunUser?) throws(Fault) {
        self.path = path
        self.claim = claim
        let user = claim?.id
        do {
            for folder in [path, "\(path)/work", "\(path)/charts", "\(path)/tmp"] {
                try SystemCalls.makeDirectory(folder, mode: 0o700)
                if let user { try SystemCalls.give(folder, to: user) }
            }
            directory = try SystemCalls.openDirectory(path)
        } catch {
            throw Fault(.scratch, couldNot: "make the scratch directory", cause: "\(error)")
        }
    }

    /// Puts an input, whose name has no folder in it, into the working directory.
    func write(_ file: Job.File) throws(Fault) {
        let place = "\(path)/work/\(file.name)"
        do {
            try SystemCalls.write(file.bytes, toNewFile: place, mode: 0o600)
            if let user { try SystemCalls.give(place, to: user) }
        } catch {
            throw Fault(.scratch, couldNot: "write the input \(file.name)", cause: "\(error)")
        }
    }

    /// Opens one of the three folders.
    func open(_ folder: String) throws(Errno) -> OwnedDescriptor {
        try SystemCalls.open(Array(folder.utf8), beneath: directory, asDirectory: true)
    }

    /// Whether nobody has removed it.
    var isThere: Bool { (try? SystemCalls.openDirectory("\(path)/work")) != nil }

    /// Removes the directory with all in it, as far as that is done by an instant.
    ///
    /// - Returns: whether there is nothing more to do; what will not go stays until the host's folder goes.
    func remove(until instant: ContinuousClock.Instant) -> Bool {
        do {
            try SystemCalls.empty(directory, until: instant)
            try SystemCalls.removeDirectory(path)
            return true
        } catch {
            return error != .timedOut
        }
    }
}
