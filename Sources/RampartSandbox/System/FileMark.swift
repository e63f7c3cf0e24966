/// What changes of a file or folder with any change to it, for none but root can set back when that was.
struct FileMark: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64
    let mode: UInt32
    let owner: UInt32
    let size: Int
    /// When it was last changed: content, name, mode or owner.
    let changedSeconds: Int
    let changedNanoseconds: Int

    /// Whether both are the same file or folder, changed or not.
    func isSame(as other: FileMark) -> Bool { device == other.device && inode == other.inode }
}
