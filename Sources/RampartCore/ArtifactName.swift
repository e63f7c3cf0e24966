/// The names under which artifacts are stored.
///
/// A path below the working directory becomes one name: folders are joined by `-`, each byte outside
/// `A-Z a-z 0-9 . _ -` becomes `_`, leading dots and dashes become `_`, and what is longer than 128 bytes
/// keeps its end, where the extension is. A name that is taken gets `-2`, `-3`, … before its extension.
package struct ArtifactName: Sendable {
    private var taken: Set<String> = []

    package init() {}

    /// Returns the name for a path, and takes it.
    package mutating func claim(_ path: [String]) -> String {
        let name = Self.sanitized(path)
        var candidate = name
        var number = 2
        while !taken.insert(candidate.lowercased()).inserted {
            candidate = Self.numbered(name, number)
            number += 1
        }
        return candidate
    }

    static func sanitized(_ path: [String]) -> String {
        var bytes = path.joined(separator: "-").utf8.map { byte in
            ASCII.isNameByte(byte) ? byte : UInt8(ascii: "_")
        }
        bytes = Array(bytes.suffix(128))
        for index in bytes.indices {
            guard bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: "-") else {
                break
            }
            bytes[index] = UInt8(ascii: "_")
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }

    private static func numbered(_ name: String, _ number: Int) -> String {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else {
            return "\(name)-\(number)"
        }
        return "\(name[..<dot])-\(number)\(name[dot...])"
    }
}
