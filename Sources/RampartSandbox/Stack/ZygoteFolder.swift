import Crypto
import RampartCore
import SystemPackage

/// What one zygote has for `HOME` and `TMPDIR`; the next has another.
///
/// Fontconfig may keep caches there, which workers read, and which the zygote has mapped. A run that shares the
/// host's user can write to them; then the zygote is not used again.
// SAFETY: it changes only in `seal()`, before anybody but its zygote's launch has it.
final class ZygoteFolder: @unchecked Sendable {
    let name: String
    let path: String
    private let parent: OwnedDescriptor
    private let directory: OwnedDescriptor
    private var marks: [String: FileMark] = [:]
    private var digests: [String: SHA256.Digest] = [:]

    private let release: @Sendable () -> Void

    /// Makes the folder.
    ///
    /// - Parameters:
    ///   - name: its name.
    ///   - parent: the folder that it is made in.
    ///   - parentPath: that folder's path.
    ///   - release: called when it is not in use any more.
    /// - Throws: a ``Fault`` if it cannot be made.
    init(
        _ name: String,
        in parent: OwnedDescriptor,
        at parentPath: String,
        release: @escaping @Sendable () -> Void = {}
    ) throws(Fault) {
        self.release = release
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
        try? SystemCalls.remove(Array(name.utf8), from: parent, until: Bound.removal.end())
        release()
    }

    /// Notes what R has put there, once it is ready: from then on it writes nothing.
    func seal() {
        marks = collect { SystemCalls.mark(of: $0.name, in: $1) }
        digests = collect(Self.digest)
    }

    /// Whether all is as it was.
    ///
    /// A file system in memory notes no time where a mapped file is written to: the bytes tell.
    var isAsSealed: Bool {
        collect { SystemCalls.mark(of: $0.name, in: $1) } == marks
            && collect(Self.digest) == digests
    }

    /// Returns what can be told of each entry, of the folder itself among them, by the names on the way to it.
    private func collect<Told>(
        _ tell: (DirectoryReader.Entry, OwnedDescriptor) -> Told?
    ) -> [String: Told] {
        var told: [String: Told] = [:]
        told["."] = tell(.init(name: [UInt8(ascii: ".")], kind: .folder), directory)
        collect(directory, path: ".", depth: 0, tell, into: &told)
        return told
    }

    private func collect<Told>(
        _ folder: OwnedDescriptor,
        path: String,
        depth: Int,
        _ tell: (DirectoryReader.Entry, OwnedDescriptor) -> Told?,
        into told: inout [String: Told]
    ) {
        guard let reader = try? DirectoryReader(folder) else { return }
        while let entry = reader.next(), told.count < Self.mostEntries {
            let inner = "\(path)/\(Hex.string(entry.name))"
            told[inner] = tell(entry, folder)
            guard entry.kind == .folder, depth < Self.mostDepth,
                let below = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: true)
            else { continue }
            collect(below, path: inner, depth: depth + 1, tell, into: &told)
        }
    }

    private static func digest(
        _ entry: DirectoryReader.Entry,
        in folder: OwnedDescriptor
    ) -> SHA256.Digest? {
        guard entry.kind == .file,
            let file = try? SystemCalls.open(entry.name, beneath: folder, asDirectory: false)
        else { return nil }
        var hash = SHA256()
        var offset = 0
        while let bytes = try? SystemCalls.read(file, upTo: chunk, at: offset), !bytes.isEmpty {
            hash.update(data: bytes)
            offset += bytes.count
        }
        return hash.finalize()
    }

    /// A zygote makes a handful; a run that makes more has changed what lies above already.
    private static let mostEntries = 4096
    private static let mostDepth = 8
    private static let chunk = 256 << 10
}
