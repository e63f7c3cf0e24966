import RampartCore

/// A worker in place for one run, and the zygote that forked it and will reap it.
struct ReadyWorker {
    let worker: Worker
    let zygote: Zygote
    /// Whether it was forked ahead of its request.
    let isSpare: Bool

    /// Whether it can run a script still.
    var isWell: Bool { zygote.isAlive && !worker.isDead && worker.scratch.isThere }

    /// Ends a worker that is not needed, or not to be trusted.
    func stop() {
        try? worker.kill()
        _ = try? zygote.reap(worker.pid)
    }
}
