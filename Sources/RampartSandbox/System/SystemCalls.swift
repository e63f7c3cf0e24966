import Glibc
import SystemPackage

// The fence: every unsafe call of this module is in this type and its extensions, behind a safe signature.

/// System calls as the rest of the module sees them: safe types in, `Errno` out; one file for each noun.
enum SystemCalls {
    /// Takes over a descriptor that a call has just returned.
    static func owned(_ number: CInt) -> OwnedDescriptor {
        OwnedDescriptor(adopting: FileDescriptor(rawValue: number))
    }

    /// Throws `errno` if a call returned a negative number.
    @discardableResult
    static func check(_ result: CInt) throws(Errno) -> CInt {
        guard result >= 0 else { throw Errno(rawValue: errno) }
        return result
    }

    /// Calls `body` with the strings as C has them: pointers, the last one null.
    static func withCStrings<Result>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        // SAFETY: each copy is freed after the call, and the array of pointers outlives it.
        var pointers: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        return unsafe pointers.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { preconditionFailure("never empty") }
            return unsafe body(base)
        }
    }
}

extension Duration {
    /// Whole milliseconds for poll(2), rounded up so that a wait does not end before its time.
    var pollTimeout: CInt {
        let (seconds, attoseconds) = components
        let milliseconds =
            seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        return CInt(clamping: max(0, milliseconds))
    }
}
