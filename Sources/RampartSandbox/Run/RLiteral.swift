/// A value as R code that evaluates to it.
enum RLiteral: Sendable {
    case null
    case truth(Bool)
    case integer(Int)
    case number(Double)
    case text(String)
    case list(KeyValuePairs<String, RLiteral>)

    var code: String {
        switch self {
        case .null: "NULL"
        case .truth(let truth): truth ? "TRUE" : "FALSE"
        case .integer(let integer): "\(integer)L"
        case .number(let number): "\(number)"
        case .text(let text): "\"\(text.unicodeScalars.map(Self.escaped).joined())\""
        case .list(let members):
            "list(\(members.map { "\($0.key)=\($0.value.code)" }.joined(separator: ",")))"
        }
    }

    // Whatever is not a letter or digit of ASCII is an escape, so that no text can be code. R has no NUL.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let isPlain =
            scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        if isPlain { return String(scalar) }
        return scalar == "\0" ? "" : "\\U{\(String(scalar.value, radix: 16))}"
    }
}
