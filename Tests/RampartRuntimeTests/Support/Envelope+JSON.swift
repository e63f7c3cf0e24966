import RampartCore

extension Envelope {
    /// The envelope as its caller reads it.
    var json: JSONValue {
        get throws { try JSONValue(parsing: encoded()) }
    }
}
