import FoundationEssentials
import RampartCore

/// One `--input`: a file, and the name that the script knows it by.
struct InputOption {
    let name: String
    let path: String

    /// Reads `PATH` or `NAME=PATH`.
    ///
    /// A file whose own path has an equals sign in it is taken whole if it is there.
    init(_ argument: String) {
        if let sign = argument.firstIndex(of: "="), !Files.exists(argument) {
            name = String(argument[..<sign])
            path = String(argument[argument.index(after: sign)...])
        } else {
            name = argument.split(separator: "/").last.map(String.init) ?? argument
            path = argument
        }
    }

    /// Returns the input as a request holds it.
    ///
    /// - Throws: a ``FileProblem`` where the file cannot be read or is larger than `limit` bytes.
    func field(atMost limit: Int) throws -> JSONValue {
        let bytes = try Files.read(path, atMost: limit)
        return ["name": .string(name), "base64": .string(Data(bytes).base64EncodedString())]
    }
}
