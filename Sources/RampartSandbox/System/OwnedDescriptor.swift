package import SystemPackage

/// A file descriptor with one owner, who closes it exactly once.
///
/// A class, so that several readers may hold the file of one artifact; the last lets go of it.
package final class OwnedDescriptor: Sendable {
    package let descriptor: FileDescriptor

    /// Takes over an open descriptor; the caller must not close it.
    package init(adopting descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { try? descriptor.close() }
}
