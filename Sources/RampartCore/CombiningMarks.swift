import FoundationEssentials

/// Tells text that takes long to compare and to look up: Swift puts combining marks in Unicode's order first, in time
/// that is quadratic in how many there are in a row.
enum CombiningMarks {
    /// Whether a JSON string, given with its quotes, has more of them in a row than any language writes.
    static func areMany(in string: ArraySlice<UInt8>) -> Bool {
        // A mark has two bytes at least.
        guard string.count > 2 * most else { return false }
        guard let text = try? JSONDecoder().decode(String.self, from: Data(string)) else {
            return false
        }
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
