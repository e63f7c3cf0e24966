import ArgumentParser
import RampartCore
import RampartSandbox

/// The exit statuses of all commands; the numbers above 63 are those of sysexits.h.
enum ExitStatus {
    static let failed = ExitCode(1)
    static let usage = ExitCode(64)
    static let badEvent = ExitCode(65)
    static let fault = ExitCode(70)
    static let cannotCreate = ExitCode(73)
    static let badConfiguration = ExitCode(78)

    /// The status for how a run ended; nil: all is well.
    static func of(_ status: Status) -> ExitCode? {
        switch status {
        case .completed: nil
        case .failed, .exceeded, .killed: failed
        case .rejected: badEvent
        }
    }

    static func of(_ fault: Fault) -> ExitCode {
        switch fault.kind {
        case .invalidConfiguration, .missingEngine: badConfiguration
        default: Self.fault
        }
    }

    /// Calls `body`; a fault is told on stderr and becomes its exit status.
    static func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let fault as Fault {
            Terminal.complain("rampart: \(fault)")
            throw of(fault)
        }
    }

    /// Calls `body` as ``reporting(_:)`` does; where Ctrl-C ended it, the process dies of that, once what
    /// `body` had is gone.
    ///
    /// - Parameters:
    ///   - body: what may be stopped.
    ///   - lastWords: called before the process dies, with what `body` returned, if it did.
    /// - Returns: what `body` returned.
    /// - Throws: the exit status of a fault, or what else `body` threw.
    static func reportingUnlessStopped<Result>(
        _ body: () throws -> Result,
        lastWords: (Result?) -> Void = { _ in }
    ) throws -> Result {
        let result = Swift.Result { try body() }
        if StopSignal.isRaised { lastWords(try? result.get()) }
        StopSignal.takeEffect()
        return try reporting { try result.get() }
    }
}
