/// What R packages are installed, read from their DESCRIPTION files without R.
enum InstalledPackages {
    /// Returns versions by name; where two libraries have a package, R loads that of the first.
    static func list(in libraries: [String]) -> [String: String] {
        var versions: [String: String] = [:]
        for library in libraries {
            guard let directory = try? SystemCalls.openDirectory(library),
                let reader = try? DirectoryReader(directory)
            else { continue }
            while let entry = reader.next() {
                let name = String(decoding: entry.name, as: UTF8.self)
                guard versions[name] == nil, let version = version(in: "\(library)/\(name)") else {
                    continue
                }
                versions[name] = version
            }
        }
        return versions
    }

    private static func version(in folder: String) -> String? {
        let field = "Version:"
        return SystemCalls.text(of: "\(folder)/DESCRIPTION", upTo: 16 << 10)?
            .split(separator: "\n")
            .first { $0.hasPrefix(field) }
            .map { String($0.dropFirst(field.count).drop(while: \.isWhitespace)) }
    }
}
