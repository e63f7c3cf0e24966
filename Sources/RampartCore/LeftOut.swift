/// Artifacts that were not kept; the first twenty by name.
package struct LeftOut: Sendable, Hashable {
    package enum Reason: String, Sendable {
        case count, size, kind, name, depth
    }

    package struct Entry: Sendable, Hashable {
        package let name: String
        package let reason: Reason

        /// In order of the names' bytes: scripts choose them, and Unicode's order takes time to tell.
        fileprivate func comes(before other: Entry) -> Bool {
            name.utf8.lexicographicallyPrecedes(other.name.utf8)
        }
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
        if first.count == Self.mostNamed {
            guard let last = first.last, entry.comes(before: last) else { return }
            first.removeLast()
        }
        let place = first.firstIndex { entry.comes(before: $0) } ?? first.endIndex
        first.insert(entry, at: place)
    }

    package var json: JSONValue {
        let entries = first.map { entry -> JSONValue in
            ["name": .string(entry.name), "reason": .string(entry.reason.rawValue)]
        }
        return ["count": .integer(Int64(count)), "first": .array(entries)]
    }

    private static let mostNamed = 20
}
