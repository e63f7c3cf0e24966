import CSandbox
import Glibc
import SystemPackage

/// Starting programs, and the shield they start with.
extension SystemCalls {
    /// Opens an executable for ``spawn(_:arguments:environment:control:output:oomScoreAdjustment:)``; see
    /// `rampart_open_image`.
    static func openImage(
        _ path: String
    ) throws(Errno) -> (image: OwnedDescriptor, isShielded: Bool) {
        var shielded: CInt = 0
        // SAFETY: the string and the flag outlive the call.
        let image = owned(try check(unsafe rampart_open_image(path, &shielded)))
        return (image, shielded == 1)
    }

    /// The path that the kernel was given for this program.
    static var startedAs: String {
        // SAFETY: the string lives as long as the process.
        unsafe String(cString: rampart_started_as())
    }

    /// Replaces this process by the image; returns only where that fails.
    static func become(_ image: OwnedDescriptor, arguments: [String]) {
        // SAFETY: the strings outlive the call, which keeps nothing.
        _ = unsafe withCStrings(arguments) { arguments in
            unsafe rampart_become_image(image.descriptor.rawValue, arguments)
        }
    }

    /// Whether a process of that user (nil: the host's own) can read what the shield is to close of `target`.
    static func canRead(_ target: pid_t, as user: UInt32?) throws(Errno) -> Bool {
        try HostChildren.alone { () throws(Errno) in
            try check(rampart_try_reading(target, user ?? 0)) == 1
        }
    }

    /// Starts a program with exactly these descriptors; see `rampart_spawn`.
    static func spawn(
        _ image: OwnedDescriptor,
        arguments: [String],
        environment: [String],
        control: OwnedDescriptor,
        output: OwnedDescriptor,
        oomScoreAdjustment: Int32
    ) throws(Errno) -> pid_t {
        try HostChildren.start { () throws(Errno) in
            try spawnUnnoted(image, arguments, environment, control, output, oomScoreAdjustment)
        }
    }

    private static func spawnUnnoted(
        _ image: OwnedDescriptor,
        _ arguments: [String],
        _ environment: [String],
        _ control: OwnedDescriptor,
        _ output: OwnedDescriptor,
        _ oomScoreAdjustment: Int32
    ) throws(Errno) -> pid_t {
        // SAFETY: the arrays of C strings outlive the call, which copies nothing and keeps nothing.
        let pid = unsafe withCStrings(arguments) { arguments in
            unsafe withCStrings(environment) { environment in
                unsafe String(oomScoreAdjustment).withCString { adjustment in
                    var program = unsafe rampart_program(
                        image: image.descriptor.rawValue,
                        arguments: arguments,
                        environment: environment,
                        control: control.descriptor.rawValue,
                        output: output.descriptor.rawValue,
                        oom_score_adjustment: oomScoreAdjustment == 0 ? nil : adjustment
                    )
                    return unsafe rampart_spawn(&program)
                }
            }
        }
        return try check(pid)
    }

    /// Starts a program with the host's environment; see `rampart_start`.
    static func start(_ path: String, arguments: [String]) throws(Errno) -> pid_t {
        try HostChildren.start { () throws(Errno) in try startUnnoted(path, arguments) }
    }

    private static func startUnnoted(_ path: String, _ arguments: [String]) throws(Errno) -> pid_t {
        // SAFETY: the strings outlive the call, which keeps nothing.
        let pid = unsafe withCStrings(arguments) { arguments in
            unsafe path.withCString { path in unsafe rampart_start(path, arguments) }
        }
        return try check(pid)
    }
}
