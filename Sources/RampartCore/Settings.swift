/// The deployment's settings, read once from the environment.
package struct Settings: Sendable, Hashable {
    package var bucket: String?
    package var prefix = "charts/"
    /// The account that must own the bucket; nil: any.
    package var bucketOwner: String?
    package var limits = Limits()
    package var reserve = Duration.milliseconds(1500)
    package var preload = ["ggplot2", "dplyr", "tidyr", "scales"]
    package var warmUp = true
    package var warmUpMilliseconds = 4000
    /// How many workers are forked ahead of their requests, one a slot at the most.
    package var spares = Int.max
    /// Whether several runs at once may be one user though no layer keeps them apart.
    package var sharesUser = false
    package var require: Set<Layer> = [.shield, .environment, .descriptors, .limits, .sweep]
    package var signingKey: String?
    package var inputBuckets: [String] = []
    package var putHosts: [String] = []
    package var logsScripts = false
    package var selfTest = false
    /// R's home, where it is not to be found through `R RHOME`.
    package var rHome: String?
    package var logLevel: LogLevel = .info
    package var logFormat: LogFormat = .text
    package var maxConcurrency = 1

    package enum LogLevel: String, Sendable, CaseIterable {
        case trace, debug, info, warn, error, fatal
    }

    package enum LogFormat: String, Sendable {
        case text, json
    }

    package init() {}

    /// Reads the settings.
    ///
    /// - Throws: a ``Fault`` that names the variable that is unknown or does not parse.
    package init(environment: [String: String]) throws(Fault) {
        for (name, value) in environment.sorted(by: { $0.key < $1.key }) {
            if let row = Self.rows[name] {
                guard row.set(&self, value) else {
                    throw Self.fault("\(name) must be \(row.form); it is \"\(value.prefix(80))\"")
                }
            } else if name.hasPrefix("RAMPART_") {
                let known = Self.rows.keys.filter { $0.hasPrefix("RAMPART_") }.sorted()
                throw Self.fault(
                    "\(name) is not a setting; known: \(known.joined(separator: ", "))"
                )
            }
        }
        if let level = environment["AWS_LAMBDA_LOG_LEVEL"].flatMap(Self.logLevel) {
            logLevel = level
        }
        if inputBuckets.isEmpty, let bucket { inputBuckets = [bucket] }
    }

    private static func fault(_ cause: String) -> Fault {
        Fault(.invalidConfiguration, couldNot: "read the settings", cause: cause)
    }

    private static func logLevel(_ name: String) -> LogLevel? {
        LogLevel(rawValue: name.lowercased())
    }
}

extension Settings {
    /// One variable: what it must look like, and where its value goes.
    private struct Row: Sendable {
        let form: String
        let set: @Sendable (inout Settings, String) -> Bool
    }

    private static let rows: [String: Row] = [
        "RAMPART_BUCKET": Row(form: S3Names.bucketRule) { settings, value in
            guard S3Names.isBucket(value) else { return false }
            settings.bucket = value
            return true
        },
        "RAMPART_PREFIX": Row(form: S3Names.prefixRule) { settings, value in
            guard S3Names.isPrefix(value) else { return false }
            settings.prefix = value
            return true
        },
        "RAMPART_BUCKET_OWNER": Row(form: "the twelve digits of an AWS account") {
            settings,
            value in
            guard value.utf8.count == 12, value.utf8.allSatisfy(ASCII.isDigit) else { return false }
            settings.bucketOwner = value
            return true
        },
        "RAMPART_WALL_SECONDS": number(\.limits.wallSeconds, in: 1...900),
        "RAMPART_CPU_SECONDS": number(\.limits.cpuSeconds, in: 1...900),
        "RAMPART_RESERVE_MS": Row(form: "a whole number, 0 to 60000") { settings, value in
            guard let milliseconds = Int(value), (0...60_000).contains(milliseconds) else {
                return false
            }
            settings.reserve = .milliseconds(milliseconds)
            return true
        },
        "RAMPART_MEMORY_MB": number(\.limits.memoryMB, in: 16...10_240),
        "RAMPART_FILE_MB": number(\.limits.fileMB, in: 1...10_240),
        "RAMPART_OUTPUT_MB": number(\.limits.outputMB, in: 1...10_240),
        "RAMPART_FILES": number(\.limits.files, in: 0...10_000),
        "RAMPART_TEXT_KB": number(\.limits.textKB, in: 0...1024),
        "RAMPART_PRELOAD": Row(form: "R package names with commas between") { settings, value in
            let names = list(value)
            guard names.allSatisfy(isPackageName) else { return false }
            settings.preload = names
            return true
        },
        "RAMPART_WARMUP": flag(\.warmUp),
        "RAMPART_WARMUP_MS": number(\.warmUpMilliseconds, in: 0...120_000),
        "RAMPART_SPARE": Row(form: "on, off or a whole number, 0 to 16") { settings, value in
            let number = ["on": Int.max, "off": 0][value] ?? Int(value)
            guard let number, value == "on" || (0...16).contains(number) else { return false }
            settings.spares = number
            return true
        },
        "RAMPART_SHARE_USER": flag(\.sharesUser),
        "RAMPART_REQUIRE": Row(
            form:
                "layers with commas between: \(Layer.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { settings, value in
            let layers = list(value).map(Layer.init(rawValue:))
            guard !layers.contains(nil) else { return false }
            settings.require = Set(layers.compactMap(\.self))
            return true
        },
        "RAMPART_SIGNING_KEY": Row(form: "a key of at least one byte") { settings, value in
            guard !value.isEmpty else { return false }
            settings.signingKey = value
            return true
        },
        "RAMPART_INPUT_BUCKETS": Row(form: "S3 buckets with commas between") { settings, value in
            let names = list(value)
            guard names.allSatisfy(S3Names.isBucket) else { return false }
            settings.inputBuckets = names
            return true
        },
        "RAMPART_PUT_HOSTS": Row(
            form:
                "hosts' names with commas between, each whole or with *. in the place of its beginning"
        ) { settings, value in
            let patterns = list(value)
            guard patterns.allSatisfy(isHostPattern) else { return false }
            settings.putHosts = patterns
            return true
        },
        "RAMPART_LOG_SCRIPTS": flag(\.logsScripts),
        "RAMPART_SELF_TEST": flag(\.selfTest),
        "RAMPART_R": Row(form: "the path of R's home") { settings, value in
            guard value.hasPrefix("/") else { return false }
            settings.rHome = value
            return true
        },
        "RAMPART_LOG_LEVEL": Row(
            form: "one of \(LogLevel.allCases.map(\.rawValue).joined(separator: ", "))"
        ) { settings, value in
            guard let level = logLevel(value) else { return false }
            settings.logLevel = level
            return true
        },
        "AWS_LAMBDA_LOG_FORMAT": Row(form: "JSON or Text") { settings, value in
            settings.logFormat = value.lowercased() == "json" ? .json : .text
            return true
        },
        "AWS_LAMBDA_MAX_CONCURRENCY": number(\.maxConcurrency, in: 1...16),
    ]

    private static func number(
        _ path: any WritableKeyPath<Settings, Int> & Sendable,
        in range: ClosedRange<Int>
    ) -> Row {
        Row(form: "a whole number, \(range.lowerBound) to \(range.upperBound)") { settings, value in
            guard let number = Int(value), range.contains(number) else { return false }
            settings[keyPath: path] = number
            return true
        }
    }

    private static func flag(_ path: any WritableKeyPath<Settings, Bool> & Sendable) -> Row {
        Row(form: "on or off") { settings, value in
            guard value == "on" || value == "off" else { return false }
            settings[keyPath: path] = value == "on"
            return true
        }
    }

    private static func list(_ value: String) -> [String] {
        value.split(separator: ",").map { element in
            String(element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }.filter { !$0.isEmpty }
    }

    private static func isHostPattern(_ pattern: String) -> Bool {
        let name = pattern.hasPrefix("*.") ? pattern.dropFirst(2) : pattern[...]
        return !name.isEmpty
            && name.utf8.allSatisfy {
                ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-")
            }
    }

    private static func isPackageName(_ name: String) -> Bool {
        name.utf8.allSatisfy { ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: ".") }
    }
}
