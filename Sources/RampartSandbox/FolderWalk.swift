import RampartCore
import SystemPackage

/// Walks a folder lazily and keeps the files whose paths come first, up to a number; the rest is counted.
///
/// However many entries there are, it holds no more than it keeps.
struct FolderWalk {
    struct Found {
        let folder: OwnedDescriptor
        /// The name's bytes within `folder`.
        let name: [UInt8]
        /// From the walk's start, repaired to UTF-8.
        let path: [String]

        var displayName: String { path.joined(separator: "/") }
    }

    /// In order of their paths.
    private(set) var files: [Found] = []
    private(set) var leftOut = LeftOut()

    private let mostFiles: Int
    private let mostDepth: Int
    private var entries = 0

    init(mostFiles: Int, mostDepth: Int) {
        self.mostFiles = mostFiles
        self.mostDepth = mostDepth
    }

    mutating func walk(_ folder: OwnedDescriptor) { walk(folder, path: []) }

    private mutating func walk(_ folder: OwnedDescriptor, path: [String]) {
        guard let reader = try? DirectoryReader(folder) else { return }
        while let entry = reader.next(), entries < Self.mostEntries {
            entries += 1
            let inner = path + [String(decoding: entry.name, as: UTF8.self)]
            let name = inner.joined(separator: "/")
            switch entry.kind {
            case .file: keep(Found(folder: folder, name: entry.name, path: inner))
            case .folder where path.count >= mostDepth: leftOut.add(name, because: .depth)
            case .folder:
                let below = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: true)
                if let below { walk(below, path: inner) } else { leftOut.add(name, because: .kind) }
            case .other: leftOut.add(name, because: .kind)
            }
        }
    }

    private mutating func keep(_ found: Found) {
        if files.count == mostFiles {
            guard let last = files.last, found.displayName < last.displayName else {
                leftOut.add(found.displayName, because: .count)
                return
            }
            leftOut.add(last.displayName, because: .count)
            files.removeLast()
        }
        let place = files.firstIndex { found.displayName < $0.displayName } ?? files.endIndex
        files.insert(found, at: place)
    }

    /// A million names are a second's work; who makes more has made enough.
    private static let mostEntries = 1_000_000
}
