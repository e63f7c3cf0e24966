import SystemPackage

/// A folder that anybody may write in, and what of it was there before any run.
struct SharedFolder: Sendable {
    /// How it was before any run.
    private enum Start: Sendable {
        /// It was not there, or not for the host to read.
        case none
        case open(attributes: [UInt8], names: Set<[UInt8]>)
    }

    private let path: String
    private let start: Start
    private let root: ScratchRoot
    private let aside: Aside

    /// Notes how it is.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - root: the host's own folder, which may lie in it, and is spared.
    init(at path: String, with root: ScratchRoot) {
        self.path = path
        self.root = root
        aside = Aside(in: path)
        guard let directory = try? SystemCalls.openDirectory(path),
            let reader = try? DirectoryReader(directory),
            let attributes = try? SystemCalls.attributes(of: directory)
        else {
            start = .none
            return
        }
        var names: Set<[UInt8]> = []
        while let entry = reader.next() { names.insert(entry.name) }
        start = .open(attributes: attributes, names: names)
    }

    /// Removes what is a run's.
    ///
    /// - Parameters:
    ///   - user: the run's own user, of whom all is its own; nil if it shared the host's: then all that is new.
    ///   - end: when there is no more time.
    /// - Throws: if something will neither go nor move, or the folder itself was changed by a run that may be its
    ///   owner.
    func removeLeavings(
        of user: UInt32?,
        until end: ContinuousClock.Instant
    ) throws(Errno) {
        guard case .open(let attributes, let names) = start else { return }
        let directory = try SystemCalls.openDirectory(path)
        if user == nil, try SystemCalls.attributes(of: directory) != attributes {
            throw .staleNFSFileHandle
        }
        let left = try entries(of: directory) { name, owner in
            owner == user ?? SystemCalls.user && (user != nil || !names.contains(name))
        }
        for name in left {
            guard ContinuousClock.now < end else { throw .timedOut }
            do {
                try SystemCalls.remove(name, from: directory, until: end)
            } catch {
                guard moveAside(name, from: directory) else { throw error }
            }
        }
    }

    /// Removes all that is the host's user's but what hosts have here, and what is attached to the folder itself;
    /// what takes longer than there is time for is moved aside.
    ///
    /// - Throws: if something will neither go nor move.
    func clear(until end: ContinuousClock.Instant) throws(Errno) {
        SystemCalls.openUp(path)
        guard let directory = try? SystemCalls.openDirectory(path) else { return }
        SystemCalls.clearAttributes(of: directory)
        for name in try entries(of: directory, where: { $1 == SystemCalls.user }) {
            if moveAside(name, from: directory) { continue }
            try SystemCalls.remove(name, from: directory, until: end)
        }
        emptyAside(until: end)
    }

    /// Empties what was moved aside, as far as it goes.
    func emptyAside(until end: ContinuousClock.Instant) { aside.empty(until: end) }

    /// The entries that are wanted, but for those that this host or another that lives has here.
    private func entries(
        of directory: OwnedDescriptor,
        where isWanted: (_ name: [UInt8], _ owner: UInt32?) -> Bool
    ) throws(Errno) -> [[UInt8]] {
        let own = ownNames
        let reader = try DirectoryReader(directory)
        var wanted: [[UInt8]] = []
        while let entry = reader.next() {
            let owner = SystemCalls.owner(of: entry.name, in: directory)
            guard isWanted(entry.name, owner), !own.contains(entry.name),
                !HostFolderName.isOfLivingHost(entry.name, in: directory)
            else { continue }
            wanted.append(entry.name)
        }
        if let error = reader.error { throw error }
        return wanted
    }

    /// The names of what is the host's in this folder, or of what that lies in.
    private var ownNames: Set<[UInt8]> {
        var names = Set(aside.names.map { Array($0.utf8) })
        guard root.path.hasPrefix("\(path)/") else { return names }
        let inner = root.path.dropFirst(path.count + 1)
        if inner.contains("/") { names.insert(Array(inner.prefix { $0 != "/" }.utf8)) }
        return inner.contains("/") ? names : names.union(root.ownNames)
    }

    /// Only a folder is moved: it may hold any number of entries, and a file goes at once.
    private func moveAside(_ name: [UInt8], from directory: OwnedDescriptor) -> Bool {
        guard SystemCalls.isFolder(name, in: directory) else { return false }
        return aside.take(name, from: directory)
    }
}
