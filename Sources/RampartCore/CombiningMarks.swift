/// Tells text that takes long to compare and to look up: Swift puts combining marks in Unicode's order first, in time
/// that is quadratic in how many there are in a row.
enum CombiningMarks {
    /// Whether a text has more of them in a row than any language writes.
    static func areMany(in text: String) -> Bool {
        // A mark has two bytes at least.
        guard text.utf8.count > 2 * most else { return false }
        var marks = 0
        for scalar in text.unicodeScalars {
            let isMark = scalar.properties.canonicalCombiningClass != .notReordered
            marks = isMark ? marks + 1 : 0
            if marks > most { return true }
        }
        return false
    }

    /// Unicode's own format of text for streams has 30.
    private static let most = 100
}
