import FoundationEssentials

/// Request ids where no platform hands them out.
enum RequestID {
    /// Returns a new id in Lambda's form: a lowercase UUID.
    static func random() -> String { UUID().uuidString.lowercased() }
}
