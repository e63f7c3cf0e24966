package import RampartCore

/// Where R is, and how it is started without its shell wrapper.
package struct REngine: Sendable, Hashable {
    package let home: String
    private let shareDirectory: String
    private let includeDirectory: String
    private let documentDirectory: String

    /// Finds R.
    ///
    /// - Parameters:
    ///   - home: R's home; nil: that of the `R` on the path.
    ///   - path: the value of `PATH`.
    /// - Throws: a ``Fault`` that says where R was looked for.
    package init(home: String?, path: String) throws(Fault) {
        let script: String
        if let home {
            script = "\(home)/bin/R"
        } else if let found = Self.search(path, for: "R") {
            script = found
        } else {
            throw Self.missing(
                "there is no R on the path: install r-base-core, or set RAMPART_R to R's home"
            )
        }
        let variables = Self.variables(in: script)
        let foundHome = home ?? variables["R_HOME_DIR"] ?? ""
        self.home = foundHome
        shareDirectory = variables["R_SHARE_DIR"] ?? "\(foundHome)/share"
        includeDirectory = variables["R_INCLUDE_DIR"] ?? "\(foundHome)/include"
        documentDirectory = variables["R_DOC_DIR"] ?? "\(foundHome)/doc"
        guard Self.isExecutable(executable) else {
            throw Self.missing(
                "\(foundHome)/bin/exec/R is not there: set RAMPART_R to what `R RHOME` prints"
            )
        }
    }

    /// The program itself.
    var executable: String { "\(home)/bin/exec/R" }

    /// What R's shell wrapper would set, for a program that does without it.
    var environment: [String: String] {
        [
            "R_HOME": home,
            "R_SHARE_DIR": shareDirectory,
            "R_INCLUDE_DIR": includeDirectory,
            "R_DOC_DIR": documentDirectory,
            "LD_LIBRARY_PATH": "\(home)/lib",
        ]
    }

    private static func missing(_ cause: String) -> Fault {
        Fault(.missingEngine, couldNot: "find R", cause: cause)
    }

    private static func search(_ path: String, for name: String) -> String? {
        path.split(separator: ":").map { "\($0)/\(name)" }.first(where: isExecutable)
    }

    private static func isExecutable(_ path: String) -> Bool {
        SystemCalls.isExecutable(path)
    }

    /// The assignments to names in `R_` of R's shell wrapper, where `R RHOME` has its answer from.
    ///
    /// The
    /// first of each name counts: later ones are for other architectures.
    private static func variables(in script: String) -> [String: String] {
        guard let text = SystemCalls.text(of: script, upTo: 64 << 10) else { return [:] }
        var variables: [String: String] = [:]
        for line in text.split(separator: "\n") where line.hasPrefix("R_") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[1].hasPrefix("/") else { continue }
            variables[String(parts[0])] = variables[String(parts[0])] ?? String(parts[1])
        }
        return variables
    }
}
