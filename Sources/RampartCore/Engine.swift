/// What runs scripts here.
package struct Engine: Sendable, Hashable {
    package static let version = "0.1.0"

    /// R's version; nil where no R was started.
    package let r: String?
    /// Versions of the packages that are loaded before a script, by name.
    package let packages: [String: String]
    /// The container image, where it names itself.
    package let image: String?
    package let locale: String
    package let timezone: String
    /// The kind of random numbers.
    package let rng: String
    /// The folders that packages are installed in, in R's order.
    package let libraries: [String]
    /// The families of the fonts that charts may use.
    package let fonts: [String]

    /// - Parameter told: the zygote's JSON object; other fields, and those of a wrong type, are dropped.
    package init(told: JSONValue) {
        r = told["r"]?.stringValue
        packages = (told["packages"]?.objectValue ?? [:]).compactMapValues(\.stringValue)
        image = told["image"]?.stringValue
        locale = told["locale"]?.stringValue ?? "C.UTF-8"
        timezone = told["timezone"]?.stringValue ?? "UTC"
        rng = told["rng"]?.stringValue ?? "Mersenne-Twister"
        libraries = Self.strings(told["libraries"])
        fonts = Self.strings(told["fonts"])
    }

    /// Nothing but Rampart itself: no R was started.
    package init() { self.init(told: .null) }

    package var json: JSONValue {
        [
            "rampart": .string(Self.version),
            "r": JSONValue(r),
            "packages": .object(packages.mapValues(JSONValue.string)),
            "image": JSONValue(image),
            "locale": .string(locale),
            "timezone": .string(timezone),
            "rng": .string(rng),
        ]
    }

    private static func strings(_ value: JSONValue?) -> [String] {
        (value?.arrayValue ?? []).compactMap(\.stringValue)
    }
}
