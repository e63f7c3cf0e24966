import RampartCore
import SystemPackage

/// An artifact's bytes, in a file that stays open though its name is gone.
struct ArtifactFile: ArtifactContent {
    let byteCount: Int
    private let file: OwnedDescriptor

    init(_ file: OwnedDescriptor, byteCount: Int) {
        self.file = file
        self.byteCount = byteCount
    }

    func read(upTo count: Int, at offset: Int) throws(Fault) -> [UInt8] {
        let wanted = min(count, byteCount - offset)
        guard wanted > 0 else { return [] }
        do {
            let bytes = try SystemCalls.read(file, upTo: wanted, at: offset)
            guard !bytes.isEmpty else {
                throw Fault(.scratch, couldNot: "read an artifact", cause: "it has become shorter")
            }
            return bytes
        } catch let fault as Fault {
            throw fault
        } catch {
            throw Fault(.scratch, couldNot: "read an artifact", cause: "\(error)")
        }
    }
}
