/// What runs scripts here.
package struct Engine: Sendable, Hashable {
    package static let version = "0.1.0"

    /// R's own part, as the zygote told it: `r`, `packages`, `image`, `rng`, `locale`, `timezone`.
    private let told: [String: JSONValue]
    /// The folders that packages are installed in, in R's order.
    package let libraries: [String]
    /// The families of the fonts that charts may use.
    package let fonts: [String]

    /// - Parameter told: the zygote's JSON object; other keys than those named are dropped.
    package init(told: JSONValue) {
        let keys: Set = ["r", "packages", "image", "rng", "locale", "timezone"]
        libraries = Self.strings(told["libraries"])
        fonts = Self.strings(told["fonts"])
        self.told = (told.objectValue ?? [:]).filter { keys.contains($0.key) }
    }

    /// Nothing but Rampart itself: no R was started.
    package init() { self.init(told: .null) }

    /// R's version.
    package var r: JSONValue { told["r"] ?? .null }

    package var json: JSONValue {
        let base: [String: JSONValue] = [
            "rampart": .string(Self.version), "r": .null, "packages": [:], "image": .null,
            "locale": "C.UTF-8", "timezone": "UTC", "rng": "Mersenne-Twister",
        ]
        return .object(base.merging(told) { _, told in told })
    }

    private static func strings(_ value: JSONValue?) -> [String] {
        (value?.arrayValue ?? []).compactMap(\.stringValue)
    }
}
