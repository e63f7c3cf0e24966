import Glibc

/// The names of the errnos with which a kernel refuses.
enum ErrnoName {
    static func of(_ number: Int32) -> String { names[number] ?? "errno \(number)" }

    private static let names: [Int32: String] = [
        EPERM: "EPERM", ENOENT: "ENOENT", EINTR: "EINTR", EIO: "EIO", EBADF: "EBADF",
        EAGAIN: "EAGAIN",
        ENOMEM: "ENOMEM", EACCES: "EACCES", EBUSY: "EBUSY", EINVAL: "EINVAL", EMFILE: "EMFILE",
        ENOSPC: "ENOSPC", ENOSYS: "ENOSYS", EOPNOTSUPP: "EOPNOTSUPP", EROFS: "EROFS",
    ]
}
