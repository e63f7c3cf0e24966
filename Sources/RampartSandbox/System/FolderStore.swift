package import RampartCore
import SystemPackage

/// Puts artifacts into a local folder.
package struct FolderStore: ArtifactStore {
    private let folder: String

    /// - Parameter folder: its path; it is made where it is not there.
    package init(_ folder: String) { self.folder = folder }

    package func store(
        _ artifacts: [Artifact],
        under prefix: String,
        until instant: ContinuousClock.Instant
    ) -> StoreOutcome {
        var outcome = StoreOutcome(locations: [])
        let place = prefix.isEmpty ? folder : "\(folder)/\(prefix)"
        for artifact in artifacts {
            let path = place.hasSuffix("/") ? place + artifact.name : "\(place)/\(artifact.name)"
            do {
                try SystemCalls.makeFolders(above: path)
                try write(artifact, to: path)
                outcome.locations.append(.path(path))
            } catch {
                outcome.locations.append(nil)
                outcome.failure = outcome.failure ?? Self.failure(error, path)
            }
        }
        return outcome
    }

    private func write(_ artifact: Artifact, to path: String) throws {
        let file = try FileDescriptor.open(
            FilePath(path),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec],
            permissions: FilePermissions(rawValue: 0o644)
        )
        try file.closeAfter {
            var offset = 0
            while offset < artifact.content.byteCount {
                let bytes = try artifact.content.read(upTo: 256 << 10, at: offset)
                try file.writeAll(bytes)
                offset += bytes.count
            }
        }
    }

    private static func failure(_ error: any Error, _ path: String) -> StorageFailure {
        StorageFailure(
            code: "WriteFailed",
            message: "could not write \(path): \(error)",
            bucket: nil,
            key: path,
            isTransient: false
        )
    }
}
