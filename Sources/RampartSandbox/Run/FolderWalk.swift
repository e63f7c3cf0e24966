import RampartCore
import SystemPackage

/// Walks a folder lazily and keeps the files whose paths come first, up to a number; the rest is counted.
///
/// However many entries there are, it holds no more than it keeps, and looks at no more than there is time for.
/// Names are a script's to choose, so they are compared by their bytes: Unicode's order takes time to tell.
struct FolderWalk {
    struct Found: Sendable {
        /// The names' bytes, from the walk's start.
        let path: [[UInt8]]
        /// The names' bytes with slashes between.
        let key: [UInt8]
        /// Whether it has the path of an input.
        let isInput: Bool

        /// The path, repaired to UTF-8.
        var displayName: String { String(decoding: key, as: UTF8.self) }

        /// The names, repaired to UTF-8.
        var names: [String] { path.map { String(decoding: $0, as: UTF8.self) } }

        fileprivate func comes(before other: Found) -> Bool {
            key.lexicographicallyPrecedes(other.key)
        }
    }

    /// In order of their paths.
    private(set) var files: [Found] = []
    private(set) var leftOut = LeftOut()

    private let mostFiles: Int
    private let mostDepth: Int
    private let mostEntries: Int
    private let inputs: Set<[UInt8]>
    private let end: ContinuousClock.Instant
    private var entries = 0
    private var counted = 0

    /// Creates a walk.
    ///
    /// - Parameters:
    ///   - mostFiles: how many files it keeps.
    ///   - mostDepth: how many folders below the first it enters.
    ///   - mostEntries: how many entries of all folders it looks at.
    ///   - inputs: paths that it keeps besides, for they may be files that the script did not make.
    ///   - end: when it is over, once it has seen that there is something.
    init(
        mostFiles: Int,
        mostDepth: Int,
        mostEntries: Int = Self.mostEntries,
        inputs: Set<[UInt8]> = [],
        until end: ContinuousClock.Instant
    ) {
        self.mostFiles = mostFiles
        self.mostDepth = mostDepth
        self.mostEntries = mostEntries
        self.inputs = inputs
        self.end = end
    }

    mutating func walk(_ folder: OwnedDescriptor) { walk(folder, path: [], prefix: []) }

    /// Walks a folder whose entries' keys begin with `prefix`.
    private mutating func walk(_ folder: OwnedDescriptor, path: [[UInt8]], prefix: [UInt8]) {
        guard let reader = try? DirectoryReader(folder) else { return }
        while hasMore, let entry = reader.next() {
            entries += 1
            let key = prefix + entry.name
            switch entry.kind {
            case .file:
                keep(Found(path: path + [entry.name], key: key, isInput: inputs.contains(key)))
            case .folder where path.count >= mostDepth: leaveOut(key, because: .depth)
            case .folder:
                let below = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: true)
                if let below {
                    walk(below, path: path + [entry.name], prefix: key + [UInt8(ascii: "/")])
                } else {
                    leaveOut(key, because: .kind)
                }
            case .other: leaveOut(key, because: .kind)
            }
        }
    }

    private var hasMore: Bool {
        entries < mostEntries && (entries < Self.leastEntries || ContinuousClock.now < end)
    }

    private mutating func leaveOut(_ key: [UInt8], because reason: LeftOut.Reason) {
        leftOut.add(String(decoding: key, as: UTF8.self), because: reason)
    }

    private mutating func keep(_ found: Found) {
        if !found.isInput, counted == mostFiles {
            guard let last = files.lastIndex(where: { !$0.isInput }),
                found.comes(before: files[last])
            else {
                leaveOut(found.key, because: .count)
                return
            }
            leaveOut(files.remove(at: last).key, because: .count)
            counted -= 1
        }
        if !found.isInput { counted += 1 }
        files.insert(found, at: place(of: found))
    }

    /// Where a file goes among those that are kept.
    private func place(of found: Found) -> Int {
        var range = files.startIndex..<files.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                found.comes(before: files[middle])
                ? range.lowerBound..<middle : middle + 1..<range.upperBound
        }
        return range.lowerBound
    }

    /// Who makes more has made enough.
    private static let mostEntries = 200_000
    /// A few milliseconds' work, by which a walk that comes too late still tells what is lost.
    private static let leastEntries = 1000
}
