import RampartCore
import Synchronization
import SystemPackage

/// The host's own folder, below which every run has its scratch directory.
///
/// It is emptied and removed when the host is done with it. Any thread may call it.
final class ScratchRoot: Sendable {
    let name: String
    let path: String
    private let parent: String
    private let state: Mutex<State>
    private let aside: Aside

    private struct State {
        var directory: OwnedDescriptor
        var identity: FileMark?
        var attributes: [UInt8]
        /// The names of what is in use; each is entered before anything of that name is made.
        var live: Set<String> = []
        var made = 0

        mutating func freshName(_ kind: String) -> String {
            made += 1
            // A run cannot guess it, and make it before the host does.
            let name = "\(kind)-\(made)-\(UInt32.random(in: .min ... .max))"
            live.insert(name)
            return name
        }
    }

    /// Makes the folder in `parent`: `/tmp`, the one writable place in Lambda.
    init(in parent: String) throws(Fault) {
        self.parent = parent
        name = HostFolderName.make()
        path = "\(parent)/\(name)"
        // A run of an earlier life may have closed it, if it is the host's user's own.
        SystemCalls.openUp(parent)
        do {
            aside = Aside(in: parent)
            try Self.removeLeftovers(in: parent, aside)
            state = Mutex(try Self.make(path))
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path)", cause: "\(error)")
        }
    }

    deinit {
        let directory = state.withLock { $0.directory }
        try? SystemCalls.empty(directory, until: Bound.farewell.end())
        try? SystemCalls.removeDirectory(path)
    }

    /// The folder, open.
    var directory: OwnedDescriptor { state.withLock { $0.directory } }

    /// Makes the scratch directory of the next run, and the host's own folder if that is gone.
    func makeScratch(for user: RunUser?) throws(Fault) -> ScratchDirectory {
        try remake()
        let name = state.withLock { $0.freshName("run") }
        do {
            return try ScratchDirectory(at: "\(path)/\(name)", user: user)
        } catch {
            forget(name)
            throw error
        }
    }

    /// Makes the folder of the next zygote.
    func makeZygoteFolder() throws(Fault) -> ZygoteFolder {
        try remake()
        let (name, directory) = state.withLock { ($0.freshName("zygote"), $0.directory) }
        return try ZygoteFolder(name, in: directory, at: path) { [weak self] in
            self?.forget(name)
        }
    }

    /// Removes a scratch directory that no run needs any more, or moves it out of every run's way.
    ///
    /// - Returns: whether it is gone from here.
    @discardableResult
    func remove(_ scratch: ScratchDirectory, until instant: ContinuousClock.Instant) -> Bool {
        if !scratch.remove(until: instant) {
            guard aside.take(Array(scratch.name.utf8), from: directory) else { return false }
        }
        forget(scratch.name)
        return true
    }

    /// From now on what bears the name is a leftover.
    func forget(_ name: String) { state.withLock { _ = $0.live.remove(name) } }

    /// Removes all that is not in use, because runs that are the host's own user may have put it there.
    ///
    /// What takes longer than there is time for is moved aside: it costs the next caller nothing.
    ///
    /// - Throws: if something can be neither removed nor moved, or the folder itself is not what and where it was.
    func sweep(until end: ContinuousClock.Instant) throws(Errno) {
        // One sweep at a time, and none while a name is entered.
        try state.withLock { (state) throws(Errno) in
            try Self.check(state, at: path)
            let reader = try DirectoryReader(state.directory)
            while let entry = reader.next() {
                let name = String(decoding: entry.name, as: UTF8.self)
                if state.live.contains(name) { continue }
                guard ContinuousClock.now < end else { return try exchange(&state) }
                do throws(Errno) {
                    try SystemCalls.remove(entry.name, from: state.directory, until: end)
                } catch {
                    guard aside.take(entry.name, from: state.directory) else { throw error }
                }
            }
            if let error = reader.error { throw error }
        }
    }

    /// Empties what was moved aside, as far as it goes.
    func emptyAside(until end: ContinuousClock.Instant) { aside.empty(until: end) }

    /// The names in the parent folder that are this host's.
    var ownNames: Set<[UInt8]> {
        Set(([name] + aside.names).map { Array($0.utf8) })
    }

    /// Puts a new folder in the place of one that holds more than can be removed, with all that is in use.
    private func exchange(_ state: inout State) throws(Errno) {
        let old = state.directory
        guard aside.take(Array(name.utf8), from: try SystemCalls.openDirectory(parent)) else {
            throw .timedOut
        }
        let live = state.live
        state = try Self.make(path, after: state)
        for name in live {
            do {
                try SystemCalls.move(Array(name.utf8), from: old, to: state.directory)
            } catch  where error != .noSuchFileOrDirectory {
                throw error
            } catch {
                continue
            }
        }
    }

    /// Makes the folder again if somebody has tidied it away.
    func remake() throws(Fault) {
        do {
            try state.withLock { (state) throws(Errno) in
                guard try SystemCalls.isMissing(path) else { return }
                state = try Self.make(path, after: state)
            }
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path) again", cause: "\(error)")
        }
    }

    private static func make(_ path: String, after old: State? = nil) throws(Errno) -> State {
        // A run's own user passes through, and can list nothing.
        try SystemCalls.makeDirectory(path, mode: 0o711)
        let directory = try SystemCalls.openDirectory(path)
        // Held until the host is dead: by this, hosts that see other pids know that it is not.
        _ = try SystemCalls.lock(directory)
        return State(
            directory: directory,
            identity: SystemCalls.mark(of: itself, in: directory),
            attributes: try SystemCalls.attributes(of: directory),
            live: old?.live ?? [],
            made: old?.made ?? 0
        )
    }

    private static func check(_ state: State, at path: String) throws(Errno) {
        guard let identity = state.identity,
            let now = SystemCalls.mark(of: itself, in: state.directory),
            let there = SystemCalls.mark(of: itself, in: try SystemCalls.openDirectory(path)),
            there.isSame(as: identity), now.isSame(as: identity),
            try SystemCalls.attributes(of: state.directory) == state.attributes
        else { throw .staleNFSFileHandle }
    }

    /// Moves the folders of hosts that are dead aside: of an environment's earlier life, or killed on somebody's
    /// machine.
    private static func removeLeftovers(in parent: String, _ aside: Aside) throws(Errno) {
        let directory = try SystemCalls.openDirectory(parent)
        let reader = try DirectoryReader(directory)
        while let entry = reader.next() {
            guard HostFolderName.isOfDeadHost(entry.name, in: directory) else { continue }
            // What will not move is in nobody's way: no new folder has its name.
            _ = aside.take(entry.name, from: directory)
        }
        aside.empty(until: Bound.removal.end())
    }

    private static let itself = [UInt8(ascii: ".")]
}
