/// What decodes bytes that anybody may have made, and what must hold whatever they are.
package enum FuzzTarget: String, CaseIterable, Sendable {
    case event, report
    /// Reports as heavy as the host takes them.
    case weight

    /// Returns an input of the walk's step.
    package func input(seed: Int) -> [UInt8] {
        var input = HostileInput(seed: seed)
        return switch self {
        case .event: input.event()
        case .report: input.report()
        case .weight: input.weight()
        }
    }

    /// How many inputs a walk of so many takes: a heavy one is as much work as hundreds.
    package func count(of iterations: Int) -> Int {
        self == .weight ? max(1, iterations / 1000) : iterations
    }

    /// Decodes an input, and checks again what was promised of the result.
    ///
    /// - Returns: what the input led to, in a word or a sentence: inputs that lead to one thing are of one kind.
    /// - Throws: a ``Flaw`` where a promise was not kept.
    @discardableResult
    package func check(_ bytes: [UInt8]) throws -> String {
        switch self {
        case .event: try EventCheck.check(bytes)
        case .report, .weight: try ReportCheck.check(bytes)
        }
    }
}

/// A promise that a decoder did not keep.
package struct Flaw: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) { self.description = description }

    static func unless(_ holds: Bool, _ description: @autoclosure () -> String) throws(Flaw) {
        guard holds else { throw Flaw(description()) }
    }
}
