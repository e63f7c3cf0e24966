import SystemPackage

/// The file that a zygote was started from, and how it was then.
///
/// If it is a copy in memory, it belongs to the host's user. A run that is that user finds it at `/proc/self/exe` and
/// can change its mode and attach values to it, which the next run of the same zygote would find. Its content is
/// sealed.
struct ProgramImage: Sendable {
    private let file: OwnedDescriptor
    private let mark: FileMark?
    /// Nil if the file may be executed and not read.
    private let attributes: [UInt8]?

    /// Notes how it is.
    init(_ file: OwnedDescriptor) {
        self.file = file
        mark = SystemCalls.mark(of: file)
        attributes = try? SystemCalls.attributes(of: file)
    }

    /// Whether it is as it was.
    var isAsStarted: Bool {
        SystemCalls.mark(of: file) == mark && (try? SystemCalls.attributes(of: file)) == attributes
    }
}
