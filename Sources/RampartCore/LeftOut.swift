/// Artifacts that were not kept; the first twenty by name.
package struct LeftOut: Sendable, Hashable {
    package enum Reason: String, Sendable {
        case count, size, kind, name, depth
    }

    package struct Entry: Sendable, Hashable {
        package let name: String
        package let reason: Reason
    }

    package private(set) var count = 0
    package private(set) var first: [Entry] = []

    package init() {}

    package mutating func add(_ name: String, because reason: Reason) {
        count += 1
        keep(Entry(name: name, reason: reason))
    }

    package mutating func add(_ other: LeftOut) {
        count += other.count
        for entry in other.first { keep(entry) }
    }

    /// Keeps the entry if it is among the first by name of all that came so far.
    private mutating func keep(_ entry: Entry) {
        let place = first.firstIndex { entry.name < $0.name } ?? first.endIndex
        guard place < Self.mostNamed else { return }
        first.insert(entry, at: place)
        first = Array(first.prefix(Self.mostNamed))
    }

    package var json: JSONValue {
        let entries = first.map { entry -> JSONValue in
            ["name": .string(entry.name), "reason": .string(entry.reason.rawValue)]
        }
        return ["count": .integer(Int64(count)), "first": .array(entries)]
    }

    private static let mostNamed = 20
}
