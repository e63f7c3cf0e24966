import RampartCore

/// What a rejection means to a person who typed options instead of an event.
enum RunUsage {
    /// Returns the complaint where an option is why; nil where it is what a file holds.
    static func complaint(_ rejection: Rejection, inputs: [String]) -> String? {
        let parts = rejection.pointer.split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("inputs", 1): return "--input \(rejection.message)"
        case ("inputs", _):
            let input = Int(parts[1]).map { inputs.indices.contains($0) ? inputs[$0] : "" } ?? ""
            return "--input \(input): its name \(rejection.message); to give it another: "
                + "--input NAME=PATH"
        case ("chart", 1): return "the chart \(rejection.message)"
        case ("chart", _), ("limits", _): return "--\(parts[1]) \(rejection.message)"
        default: return nil
        }
    }
}
