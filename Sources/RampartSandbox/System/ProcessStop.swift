package import RampartCore

/// The process's own stop, as the stop of every run that has no other.
package struct ProcessStop: RunStop {
    package init() {}

    package var descriptor: Int32 { StopSignal.descriptor }
    package var reason: StopReason? { StopSignal.isRaised ? .shutdown : nil }
}
