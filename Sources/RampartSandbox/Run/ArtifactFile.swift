import RampartCore
import SystemPackage

/// An artifact's bytes, in a file that is opened anew for each read: there may be more artifacts than a
/// process may have files open.
///
/// Readable until its run is tidied. Nobody can change it then, for the run is dead; that it is the file that
/// was collected is checked all the same.
struct ArtifactFile: ArtifactContent {
    let byteCount: Int
    private let folder: OwnedDescriptor
    private let path: [[UInt8]]
    private let identity: SystemCalls.FileStatus.Identity

    init(at path: [[UInt8]], beneath folder: OwnedDescriptor, _ status: SystemCalls.FileStatus) {
        self.folder = folder
        self.path = path
        byteCount = status.size
        identity = status.identity
    }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        let wanted = min(count, byteCount - offset)
        guard wanted > 0 else { return [] }
        do {
            let file = try SystemCalls.open(path, beneath: folder)
            guard try SystemCalls.status(of: file).identity == identity else {
                throw Self.fault("it is another file")
            }
            let bytes = try SystemCalls.read(file, upTo: wanted, at: offset)
            guard !bytes.isEmpty else { throw Self.fault("it has become shorter") }
            return bytes
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Self.fault("\(error)")
        }
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.scratch, couldNot: "read an artifact", cause: cause)
    }
}
