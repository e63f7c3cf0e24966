import RampartCore
import SystemPackage

/// Walks a folder lazily and keeps the files whose paths come first, up to a number; the rest is counted.
///
/// However many entries there are, it holds no more than it keeps.
struct FolderWalk {
    struct Found: Sendable {
        /// The names' bytes, from the walk's start.
        let path: [[UInt8]]
        /// The path, repaired to UTF-8.
        let displayName: String

        /// The names, repaired to UTF-8.
        var names: [String] { path.map { String(decoding: $0, as: UTF8.self) } }
    }

    /// In order of their paths.
    private(set) var files: [Found] = []
    private(set) var leftOut = LeftOut()

    private let mostFiles: Int
    private let mostDepth: Int
    private let mostEntries: Int
    private let inputs: Set<String>
    private var entries = 0
    private var counted = 0

    /// Creates a walk.
    ///
    /// - Parameters:
    ///   - mostFiles: how many files it keeps.
    ///   - mostDepth: how many folders below the first it enters.
    ///   - mostEntries: how many entries of all folders it looks at.
    ///   - inputs: paths that it keeps besides, for they may be files that the script did not make.
    init(
        mostFiles: Int,
        mostDepth: Int,
        mostEntries: Int = Self.mostEntries,
        inputs: Set<String> = []
    ) {
        self.mostFiles = mostFiles
        self.mostDepth = mostDepth
        self.mostEntries = mostEntries
        self.inputs = inputs
    }

    mutating func walk(_ folder: OwnedDescriptor) { walk(folder, path: [], prefix: "") }

    /// Walks a folder whose entries' displayed paths begin with `prefix`.
    private mutating func walk(_ folder: OwnedDescriptor, path: [[UInt8]], prefix: String) {
        guard let reader = try? DirectoryReader(folder) else { return }
        while entries < mostEntries, let entry = reader.next() {
            entries += 1
            let name = prefix + String(decoding: entry.name, as: UTF8.self)
            switch entry.kind {
            case .file: keep(Found(path: path + [entry.name], displayName: name))
            case .folder where path.count >= mostDepth: leftOut.add(name, because: .depth)
            case .folder:
                let below = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: true)
                if let below {
                    walk(below, path: path + [entry.name], prefix: "\(name)/")
                } else {
                    leftOut.add(name, because: .kind)
                }
            case .other: leftOut.add(name, because: .kind)
            }
        }
    }

    private mutating func keep(_ found: Found) {
        let isInput = inputs.contains(found.displayName)
        if !isInput, counted == mostFiles {
            guard let last = files.lastIndex(where: { !inputs.contains($0.displayName) }),
                found.displayName < files[last].displayName
            else {
                leftOut.add(found.displayName, because: .count)
                return
            }
            leftOut.add(files.remove(at: last).displayName, because: .count)
            counted -= 1
        }
        if !isInput { counted += 1 }
        let place = files.firstIndex { found.displayName < $0.displayName } ?? files.endIndex
        files.insert(found, at: place)
    }

    /// A million names are a second's work; who makes more has made enough.
    private static let mostEntries = 1_000_000
}
