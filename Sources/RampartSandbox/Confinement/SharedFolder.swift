import SystemPackage

/// A folder that anybody may write in, and what of it was there before any run.
struct SharedFolder {
    /// How it was before any run.
    private enum Start {
        /// It was not there, or not for the host to read.
        case none
        case open(attributes: [UInt8], names: Set<[UInt8]>)
    }

    private let path: String
    private let start: Start

    /// Notes how it is.
    ///
    /// - Parameters:
    ///   - path: where it is.
    ///   - own: what lies in it, by name, and is the host's.
    init(at path: String, holding own: [UInt8]?) {
        self.path = path
        guard let directory = try? SystemCalls.openDirectory(path),
            let reader = try? DirectoryReader(directory),
            let attributes = try? SystemCalls.attributes(of: directory)
        else {
            start = .none
            return
        }
        var names: Set<[UInt8]> = own.map { [$0] } ?? []
        while let entry = reader.next() { names.insert(entry.name) }
        start = .open(attributes: attributes, names: names)
    }

    /// Removes what is a run's.
    ///
    /// - Parameters:
    ///   - user: the run's own user, of whom all is its own; nil where it shared the host's: then all that is new.
    ///   - end: when there is no more time.
    /// - Throws: where something will not go, or the folder itself was changed by a run that may be its owner.
    func removeLeavings(
        of user: UInt32?,
        until end: ContinuousClock.Instant
    ) throws(Errno) {
        guard case .open(let attributes, let names) = start else { return }
        let directory = try SystemCalls.openDirectory(path)
        if user == nil, try SystemCalls.attributes(of: directory) != attributes {
            throw .staleNFSFileHandle
        }
        try Self.remove(from: directory, until: end) { name, owner in
            owner == user ?? SystemCalls.user && (user != nil || !names.contains(name))
        }
    }

    /// Removes all that is the host's user's but `own`, and what is attached to the folder itself.
    ///
    /// - Throws: where something will not go.
    static func clear(
        _ path: String,
        sparing own: [UInt8]?,
        until end: ContinuousClock.Instant
    ) throws(Errno) {
        SystemCalls.openUp(path)
        guard let directory = try? SystemCalls.openDirectory(path) else { return }
        SystemCalls.clearAttributes(of: directory)
        try remove(from: directory, until: end) { name, owner in
            owner == SystemCalls.user && name != own
        }
    }

    private static func remove(
        from directory: OwnedDescriptor,
        until end: ContinuousClock.Instant,
        where isLeft: (_ name: [UInt8], _ owner: UInt32?) -> Bool
    ) throws(Errno) {
        let reader = try DirectoryReader(directory)
        var left: [[UInt8]] = []
        while let entry = reader.next() {
            let owner = SystemCalls.owner(of: entry.name, in: directory)
            if isLeft(entry.name, owner) { left.append(entry.name) }
        }
        if let error = reader.error { throw error }
        for name in left {
            guard ContinuousClock.now < end else { throw .timedOut }
            try SystemCalls.remove(name, from: directory, until: end)
        }
    }
}
