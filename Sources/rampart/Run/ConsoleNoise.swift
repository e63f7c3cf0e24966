import RampartCore

/// What R prints on stderr that a summary tells elsewhere, or that tells nothing.
///
/// That is its conditions again, and what packages say when they are attached.
struct ConsoleNoise {
    private let told: Set<Substring>

    init(_ envelope: Envelope) {
        let texts =
            envelope.conditions.map(\.message) + [envelope.error?.message].compactMap(\.self)
        told = Set(texts.flatMap { Self.lines($0) })
    }

    /// Returns the lines of stderr that were not told as conditions or as the error, and that do not speak of
    /// packages being attached.
    func untold(of stderr: String) -> String {
        var isListingNames = false
        let lines = stderr.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            let bare = Self.bare(line)
            isListingNames =
                bare.hasPrefix(Self.masking)
                || isListingNames && (bare.isEmpty || line.hasPrefix("    "))
            let isNoise = (Self.openings + Self.headings).contains { bare.hasPrefix($0) }
            return !isListingNames && !isNoise && !isTold(bare)
        }
        return lines.allSatisfy { Self.bare($0).isEmpty } ? "" : lines.joined(separator: "\n")
    }

    /// Whether a line is one of a condition's or the error's, by itself or as R prints it: `Warning in f() : odd value`.
    private func isTold(_ line: Substring) -> Bool {
        if told.contains(line) { return true }
        guard let kind = Self.kinds.first(where: line.hasPrefix) else { return false }
        let rest = line.dropFirst(kind.count)
        if rest.hasPrefix(":") { return told.contains(Self.bare(rest.dropFirst())) }
        // A long message stands on the lines after the call.
        if rest.hasSuffix(" :") { return true }
        return rest.ranges(of: " : ").contains { told.contains(Self.bare(rest[$0.upperBound...])) }
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n").map(bare).filter { !$0.isEmpty }
    }

    /// A line without the blanks around it.
    private static func bare(_ line: Substring) -> Substring {
        let start = line.drop(while: \.isWhitespace)
        let end = start.lastIndex { !$0.isWhitespace }
        return end.map { start[...$0] } ?? ""
    }

    /// How messages about attached packages begin.
    private static let openings = [
        "Attaching package", "Attaching core tidyverse packages",
        "Loading required package", "── Attaching", "── Conflicts", "✔ ", "✖ ",
        "ℹ Use the conflicted",
        "Registered S3 method", "Use suppressPackageStartupMessages",
    ]

    /// What stands above the names that a package masks, which are indented.
    private static let masking = "The following object"

    private static let kinds = ["Warning", "Error"]

    /// What R writes above warnings.
    private static let headings = [
        "Warning message", "In addition: Warning message",
    ]
}
