/// What a model should know before it writes code.
package struct Capabilities: Sendable, Hashable {
    package let engine: Engine
    /// Versions by name, of all that can be loaded.
    package let packages: [String: String]
    package let limits: Limits
    package let confinement: Confinement

    package init(
        engine: Engine,
        packages: [String: String],
        limits: Limits,
        confinement: Confinement
    ) {
        self.engine = engine
        self.packages = packages
        self.limits = limits
        self.confinement = confinement
    }

    package var json: JSONValue {
        [
            "r": JSONValue(engine.r),
            "packages": .object(packages.mapValues(JSONValue.string)),
            "fonts": JSONValue(engine.fonts),
            "formats": .array(ChartOptions.Format.allCases.map { .string($0.rawValue) }),
            "chart": Self.chart,
            "limits": limits.json,
            "layers": confinement.json["layers"] ?? .null,
            "network": false,
            "shell": false,
        ]
    }

    private static var chart: JSONValue {
        let defaults = ChartOptions()
        return [
            "width": JSONValue(defaults.width),
            "height": JSONValue(defaults.height),
            "dpi": JSONValue(defaults.dpi),
            "mostPixels": JSONValue(ChartOptions.mostPixels),
        ]
    }
}

extension Limits {
    fileprivate var json: JSONValue {
        [
            "wallSeconds": JSONValue(wallSeconds),
            "cpuSeconds": JSONValue(cpuSeconds),
            "memoryMB": JSONValue(memoryMB),
            "fileMB": JSONValue(fileMB),
            "outputMB": JSONValue(outputMB),
            "files": JSONValue(files),
            "textKB": JSONValue(textKB),
        ]
    }
}
