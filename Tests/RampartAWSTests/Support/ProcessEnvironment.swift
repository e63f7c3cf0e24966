import Glibc

/// The environment of a process that a test has for itself.
enum ProcessEnvironment {
    /// Sets a variable.
    ///
    /// The corresponding C function is `setenv`.
    static func set(_ name: String, to value: String) {
        // SAFETY: both strings are copied; an exit test's process has no other thread yet.
        _ = unsafe setenv(name, value, 1)
    }
}
