/// A System V segment, queue or set of semaphores: each kind numbers its own.
struct SystemVObject: Sendable, Hashable {
    let kind: Int32
    let identifier: Int32
}
