import Crypto
import FoundationEssentials
import RampartCore
import RampartSandbox

/// What the last run wrote into an output folder: a hidden file there, in the form of `sha256sum`.
struct OutputRecord {
    private let folder: String
    private var path: String { "\(folder)/.rampart-run" }

    init(in folder: String) { self.folder = folder }

    /// Removes the files that the last run wrote, as far as they are what it wrote.
    ///
    /// - Parameter kept: the names of files that stay because they are about to be written again.
    func removeFiles(but kept: Set<String>) {
        let text = (try? Files.read(path, atMost: Self.mostBytes)) ?? []
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "  ", maxSplits: 1).map(String.init)
            // The names that Rampart gives, so that no other file can be meant.
            guard parts.count == 2, parts[1].utf8.allSatisfy(ASCII.isNameByte),
                !parts[1].hasPrefix("."), !kept.contains(parts[1])
            else { continue }
            let file = "\(folder)/\(parts[1])"
            if digest(of: file) == parts[0] { Files.remove(file) }
        }
    }

    /// Notes what this run wrote.
    func write(_ artifacts: [Artifact]) {
        let lines = artifacts.map { "\($0.sha256)  \($0.name)\n" }.joined()
        if lines.isEmpty {
            Files.remove(path)
        } else {
            // Without the record the next run warns of these files instead of removing them.
            try? Files.write(Array(lines.utf8), to: path)
        }
    }

    private func digest(of path: String) -> String? {
        guard let bytes = try? Files.read(path, atMost: Self.mostFileBytes) else { return nil }
        return Hex.string(SHA256.hash(data: Data(bytes)))
    }

    private static let mostBytes = 1 << 20
    private static let mostFileBytes = 1 << 30
}
