import RampartCore
import Synchronization
import SystemPackage

/// A folder for what could not be removed in time: it is moved here at once, and removed bit by bit after later
/// answers.
///
/// A run under a user of its own cannot enter it. One that is the host's own user can, and could read what is not
/// removed yet; `docs/threat-model.md` says so.
final class Aside: Sendable {
    private let parent: String
    private let state = Mutex(State())

    private struct State {
        /// Made when it is first needed.
        var folder: (name: String, directory: OwnedDescriptor)?
        var taken: UInt64 = 0
    }

    /// - Parameter parent: the folder to make it in; what is moved must lie on the same file system.
    init(in parent: String) { self.parent = parent }

    deinit { empty(until: Bound.farewell.end()) }

    /// The name of its folder, if there is one.
    var names: [String] { state.withLock { $0.folder.map { [$0.name] } ?? [] } }

    /// Moves an entry here, which takes no longer however much it holds.
    ///
    /// - Returns: whether it is here.
    func take(_ name: [UInt8], from folder: OwnedDescriptor) -> Bool {
        state.withLock { state in
            do {
                let own = try state.folder ?? make()
                state.folder = own
                state.taken += 1
                let fresh = Array("\(state.taken)".utf8)
                try SystemCalls.move(name, from: folder, to: own.directory, as: fresh)
                return true
            } catch {
                return false
            }
        }
    }

    /// Removes what is here, as far as that is done by an instant.
    func empty(until instant: ContinuousClock.Instant) {
        guard let folder = state.withLock({ $0.folder }),
            (try? SystemCalls.empty(folder.directory, until: instant)) != nil
        else { return }
        state.withLock { state in
            // It is not empty if something was moved here meanwhile.
            let isGone = (try? SystemCalls.removeDirectory("\(parent)/\(folder.name)")) != nil
            if isGone { state.folder = nil }
        }
    }

    private func make() throws(Errno) -> (name: String, directory: OwnedDescriptor) {
        let name = HostFolderName.make()
        let path = "\(parent)/\(name)"
        try SystemCalls.makeDirectory(path, mode: 0o700)
        let directory = try SystemCalls.openDirectory(path)
        _ = try SystemCalls.lock(directory)
        return (name, directory)
    }
}
