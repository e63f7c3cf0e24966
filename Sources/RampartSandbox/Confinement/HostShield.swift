/// The host's own shield: run from an image that it may execute and not read, no process of its user can
/// read its environment or its memory.
package enum HostShield {
    /// Where the program's file is remembered across ``raise(executable:arguments:)``.
    package static let variable = "_RAMPART_EXECUTABLE"

    /// The path that the kernel was given for this program.
    package static var startedAs: String { SystemCalls.startedAs }

    /// Starts the program anew from such an image; returns where that is refused, or not needed.
    ///
    /// As root it is not needed, for runs are other users; and an image file of mode 0111 has it already.
    ///
    /// - Parameters:
    ///   - executable: the program's file.
    ///   - arguments: the program's arguments, its name first.
    package static func raise(executable: String, arguments: [String]) {
        guard SystemCalls.user != 0,
            let (image, isShielded) = try? SystemCalls.openImage(executable),
            isShielded
        else { return }
        SystemCalls.become(image, arguments: arguments)
    }
}
