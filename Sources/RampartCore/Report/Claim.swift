/// Reads one object of a report field by field; what has the wrong type or is out of bounds counts as absent.
///
/// Only names that are in the code are looked up, and only what was looked up is kept.
struct Claim {
    private let members: [String: JSONValue]

    /// Nil unless it is an object.
    init?(_ value: JSONValue?) {
        guard case .object(let members)? = value else { return nil }
        self.members = members
    }

    subscript(name: String) -> JSONValue? { members[name] }

    /// The text, cut to so many bytes.
    func text(_ name: String, most bytes: Int) -> String? {
        members[name]?.stringValue.map { $0.prefix(bytes: bytes) }
    }

    /// The texts of a list that are not empty: the first so many, each cut to so many bytes.
    func texts(_ name: String, most count: Int, of bytes: Int) -> [String] {
        let texts = (members[name]?.arrayValue ?? []).compactMap(\.stringValue)
        return texts.filter { !$0.isEmpty }.prefix(count).map { $0.prefix(bytes: bytes) }
    }

    /// A case of an enumeration.
    func word<Word: RawRepresentable<String>>(_ name: String) -> Word? {
        members[name]?.wordValue.flatMap(Word.init(rawValue:))
    }

    /// A whole number from 1 to `most`.
    func positive(_ name: String, most: Int = Int(Int32.max)) -> Int? {
        guard let integer = members[name]?.integerValue, (1...Int64(most)).contains(integer) else {
            return nil
        }
        return Int(integer)
    }

    /// What a process can exit with.
    func exitCode(_ name: String) -> Int32? {
        guard let code = members[name]?.integerValue, (0...255).contains(code) else { return nil }
        return Int32(code)
    }

    /// Whether the field is true.
    func isSet(_ name: String) -> Bool { members[name]?.boolValue == true }
}

extension String {
    /// The beginning of at most so many bytes, cut where a character's encoding begins.
    func prefix(bytes most: Int) -> String {
        guard utf8.count > most else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: most)
        while end > utf8.startIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(before: end) }
        return String(self[..<end])
    }
}
