@testable import RampartAWS

/// A request as a test's server received it.
struct RecordedRequest: Sendable, Hashable {
    let method: String
    /// The path and the query, as they came over the wire.
    let target: String
    let headers: [HTTPHeader]
    var body: [UInt8] = []
    /// Which connection it came over, counted from 0.
    let connection: Int

    /// Reads the head of a request.
    init?(head: String, connection: Int) {
        let lines = head.split(separator: "\r\n")
        guard let first = lines.first?.split(separator: " "), first.count == 3 else { return nil }
        method = String(first[0])
        target = String(first[1])
        headers = lines.dropFirst().compactMap { line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            return HTTPHeader(String(line[..<colon]), String(value))
        }
        self.connection = connection
    }

    /// The path without the query.
    var path: String { String(target.prefix { $0 != "?" }) }

    /// The query without its mark.
    var query: String { String(target.drop { $0 != "?" }.dropFirst()) }

    /// The names of the headers, lowercased and in order of the alphabet.
    var headerNames: [String] { headers.map { $0.name.lowercased() }.sorted() }

    /// The method and the target: what tests of a sequence compare.
    var line: String { "\(method) \(target)" }
}
