package import RampartCore
import SystemPackage

/// A request to stop that is made once and stays made, and that follows the process's own.
///
/// Waits take its ``descriptor`` among theirs, so nobody has to ask again and again.
package final class StopSwitch: RunStop {
    /// Readable as soon as the switch was thrown, or the process was told to stop.
    package var descriptor: Int32 { either?.descriptor.rawValue ?? StopSignal.descriptor }

    private let own: (read: OwnedDescriptor, write: OwnedDescriptor)?
    private let either: OwnedDescriptor?

    /// Creates a switch that nobody has thrown.
    package init() {
        own = try? SystemCalls.outputPipe()
        either = own.flatMap { try? SystemCalls.anyOf($0.read, StopSignal.descriptor) }
    }

    /// Asks whoever waits with it to stop.
    package func raise() {
        if let own { try? SystemCalls.ring(own.write) }
    }

    package var reason: StopReason? {
        if StopSignal.isRaised { return .shutdown }
        let isRaised = own.map { SystemCalls.isReadable($0.read.descriptor.rawValue) } ?? false
        return isRaised ? .cancelled : nil
    }
}
