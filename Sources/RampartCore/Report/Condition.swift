/// A warning, message or deprecation that the script signalled.
package struct Condition: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        case warning, message, deprecation
    }

    package let kind: Kind
    package let message: String
    /// Whether the message was cut.
    package let isCut: Bool
    package let call: String?
    package let line: Int?
    /// How often it came in a row; nil unless that was told.
    package let count: Int?

    /// Nil unless it has a kind and a message.
    init?(_ reported: JSONValue?) {
        guard let claim = Claim(reported), let kind: Kind = claim.word("kind"),
            let message = claim["message"]?.stringValue
        else { return nil }
        self.kind = kind
        self.message = message.prefix(bytes: RunError.mostMessageBytes)
        isCut = claim.isSet("truncated") || message.utf8.count > RunError.mostMessageBytes
        call = claim.text("call", most: RunError.mostCallBytes)
        line = claim.positive("line")
        count = claim.positive("count")
    }

    package var json: JSONValue {
        var fields: [String: JSONValue] = [
            "kind": .string(kind.rawValue), "message": .string(message), "call": JSONValue(call),
            "line": JSONValue(line),
        ]
        if let count { fields["count"] = JSONValue(count) }
        if isCut { fields["truncated"] = true }
        return .object(fields)
    }
}
