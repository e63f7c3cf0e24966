import Glibc

/// Threads for loops that block.
enum Threads {
    /// Calls `body` with each number below `count`, each on a thread of its own but the first, which the calling
    /// thread takes; returns when all have returned.
    ///
    /// The corresponding C functions are `pthread_create` and `pthread_join`.
    ///
    /// - Parameters:
    ///   - count: how many threads.
    ///   - endAll: called if one of them is refused: it has those that were started return.
    ///   - body: what each does.
    /// - Throws: the errno if a thread is refused, once the others have returned.
    static func run(
        _ count: Int,
        endAll: () -> Void,
        _ body: @escaping @Sendable (Int) -> Void
    ) throws(ThreadRefused) {
        var started: [pthread_t] = []
        var refusal: ThreadRefused?
        for number in 1..<max(count, 1) where refusal == nil {
            let work = unsafe Unmanaged.passRetained(Work { body(number) })
            var thread = pthread_t()
            // SAFETY: the thread takes over the one reference that the context holds.
            let error = unsafe pthread_create(&thread, nil, begin, work.toOpaque())
            if error == 0 {
                started.append(thread)
            } else {
                unsafe work.release()
                refusal = ThreadRefused(errno: error)
            }
        }
        if refusal == nil { body(0) } else { endAll() }
        for thread in started { pthread_join(thread, nil) }
        if let refusal { throw refusal }
    }

    private static let begin:
        @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? =
            { context in
                guard let context = unsafe context else { return nil }
                let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
                work.body()
                return nil
            }
}

/// The kernel refused a thread.
struct ThreadRefused: Error {
    let errno: Int32
}

/// What a thread is to do.
private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
