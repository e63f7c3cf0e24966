import RampartCore
import Synchronization

/// Which runs are under way, what those before them still owe, and whether another may follow.
final class RunsUnderWay: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// The slots whose runs are under way.
        var running: Set<Int> = []
        /// Those of them that were not alone all the time.
        var overlapped: Set<Int> = []
        /// Whether a run shared the host's user, and what it left in shared folders may still be there.
        var owesSweep = false
        var taint: Fault?
    }

    /// Why no further script may be run here; nil if one may.
    var taint: Fault? { state.withLock { $0.taint } }

    /// Notes that a run begins in a slot.
    func begin(in slot: Int, sharesUser: Bool) {
        state.withLock { state in
            if !state.running.isEmpty {
                state.overlapped.formUnion(state.running)
                state.overlapped.insert(slot)
            }
            state.running.insert(slot)
            state.owesSweep = state.owesSweep || sharesUser
        }
    }

    /// Notes that the run in a slot is over.
    func end(in slot: Int) {
        state.withLock { state in
            state.running.remove(slot)
            state.overlapped.remove(slot)
        }
    }

    /// Notes that the environment was changed, after which no run may follow.
    ///
    /// - Returns: whether only the run in this slot can have done it: of several, nobody knows which it was.
    func taint(_ fault: Fault, seenAfter slot: Int) -> Bool {
        state.withLock { state in
            state.taint = state.taint ?? fault
            return !state.overlapped.contains(slot)
        }
    }

    /// Calls `sweep`, which removes what runs left in folders that they share, if it is owed and no run is under
    /// way but the one in `slot`.
    func paySweep<Failure>(
        besides slot: Int? = nil,
        _ sweep: () throws(Failure) -> Void
    ) throws(Failure) {
        let isDue = state.withLock { state in
            state.owesSweep && state.running.allSatisfy { $0 == slot }
        }
        guard isDue else { return }
        try sweep()
        state.withLock { state in
            state.owesSweep = state.running.contains { $0 != slot }
        }
    }
}
