/// An artifact, and where the store has confirmed it.
package struct StoredArtifact: Sendable {
    package let artifact: Artifact
    /// Nil where it was not stored.
    package let location: Location?

    package init(_ artifact: Artifact, at location: Location?) {
        self.artifact = artifact
        self.location = location
    }

    package var json: JSONValue { json(isDescribed: true) }

    /// Returns the artifact as the envelope has it; a chart that is not described has neither `alt` nor `description`.
    func json(isDescribed: Bool) -> JSONValue {
        var fields: [String: JSONValue] = [
            "name": .string(artifact.name),
            "mediaType": .string(artifact.mediaType.rawValue),
            "bytes": JSONValue(artifact.content.byteCount),
            "sha256": .string(artifact.sha256),
            "location": location?.json ?? .null,
        ]
        switch artifact.role {
        case .file(let picture): fields["picture"] = picture?.json ?? .null
        case .chart(let width, let height, let line, let alt, let description):
            fields["width"] = JSONValue(width)
            fields["height"] = JSONValue(height)
            fields["line"] = JSONValue(line)
            fields["alt"] = JSONValue(isDescribed ? alt : nil)
            fields["description"] = JSONValue(isDescribed ? description?.encoded : nil)
        }
        return .object(fields)
    }

    /// Whether it is a chart with something to say of it.
    var isDescribed: Bool {
        if case .chart(_, _, _, let alt, let description) = artifact.role {
            alt != nil || description != nil
        } else {
            false
        }
    }
}
