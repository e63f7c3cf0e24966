import RampartCore
import SystemPackage

/// What one zygote has for `HOME` and `TMPDIR`; the next has another.
///
/// Fontconfig may keep caches there, which workers read, and which the zygote has mapped. A run that shares the
/// host's user can write to them; then the zygote is not used again.
final class ZygoteFolder {
    let name: String
    let path: String
    private let parent: OwnedDescriptor
    private let directory: OwnedDescriptor
    private var sealed: [String: FileMark] = [:]

    /// Makes the folder.
    init(_ name: String, in parent: OwnedDescriptor, at parentPath: String) throws(Fault) {
        self.name = name
        self.parent = parent
        path = "\(parentPath)/\(name)"
        do {
            try SystemCalls.makeDirectory(path, mode: 0o700)
            directory = try SystemCalls.openDirectory(path)
        } catch {
            throw Fault(.scratch, couldNot: "make the folder \(path)", cause: "\(error)")
        }
    }

    // What stays is removed with the root, and read by no later zygote.
    deinit {
        try? SystemCalls.remove(Array(name.utf8), from: parent, until: .now + Self.removalBound)
    }

    /// Notes what R has put there, once it is ready: from then on it writes nothing.
    func seal() { sealed = contents() }

    /// Whether all is as it was.
    var isAsSealed: Bool { contents() == sealed }

    private func contents() -> [String: FileMark] {
        var marks: [String: FileMark] = [:]
        collect(directory, path: ".", depth: 0, into: &marks)
        return marks
    }

    /// The folder's own change time tells of every name that comes or goes; that of a file, of what is in it.
    private func collect(
        _ folder: OwnedDescriptor,
        path: String,
        depth: Int,
        into marks: inout [String: FileMark]
    ) {
        marks[path] = SystemCalls.mark(of: [UInt8(ascii: ".")], in: folder)
        guard let reader = try? DirectoryReader(folder) else { return }
        while let entry = reader.next(), marks.count < Self.mostEntries {
            let inner = "\(path)/\(Hex.string(entry.name))"
            marks[inner] = SystemCalls.mark(of: entry.name, in: folder)
            guard entry.kind == .folder, depth < Self.mostDepth,
                let below = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: true)
            else { continue }
            collect(below, path: inner, depth: depth + 1, into: &marks)
        }
    }

    /// A zygote makes a handful; a run that makes more has changed what lies above already.
    private static let mostEntries = 4096
    private static let mostDepth = 8
    private static let removalBound = Duration.seconds(2)
}
