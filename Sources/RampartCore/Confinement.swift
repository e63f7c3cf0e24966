/// One measure of the confinement, by the name that the envelope gives it.
package enum Layer: String, Sendable, Hashable, CaseIterable {
    case shield, environment, descriptors, limits, user, syscalls, files, network, sweep, oom
}

/// Whether a layer held.
package enum Enforcement: Sendable, Hashable {
    case enforced
    /// The kernel refused it; the errno's name says why.
    case unavailable(String)
    case off
    /// Detected, not prevented.
    case watched

    package var name: String {
        switch self {
        case .enforced: "enforced"
        case .unavailable: "unavailable"
        case .off: "off"
        case .watched: "watched"
        }
    }
}

/// What confined a run, layer by layer.
package struct Confinement: Sendable, Hashable {
    package var layers: [Layer: Enforcement]

    package init(_ layers: [Layer: Enforcement] = [:]) { self.layers = layers }

    /// `full` when every layer but `user` is enforced.
    package var level: String {
        let isFull = Layer.allCases.allSatisfy { $0 == .user || layers[$0] == .enforced }
        return isFull ? "full" : "partial"
    }

    /// The errno's name of each layer that is unavailable.
    package var refused: [Layer: String] {
        layers.compactMapValues { if case .unavailable(let errno) = $0 { errno } else { nil } }
    }

    /// Refuses to go on where a layer that is required does not hold.
    ///
    /// - Parameter required: those without which no script is to run.
    /// - Throws: a ``Fault`` that names the first such layer, and the errno.
    package func require(_ required: Set<Layer>) throws(Fault) {
        for layer in Layer.allCases where required.contains(layer) && layers[layer] != .enforced {
            let state = layers[layer] ?? .off
            let errno = refused[layer].map { " (\($0))" } ?? ""
            throw Fault(
                .invalidConfiguration,
                couldNot: "confine scripts as RAMPART_REQUIRE says",
                cause: "the layer \(layer.rawValue) is \(state.name)\(errno)"
            )
        }
    }

    package var json: JSONValue {
        var names: [String: JSONValue] = [:]
        for layer in Layer.allCases {
            names[layer.rawValue] = .string((layers[layer] ?? .off).name)
        }
        let errnos = refused.map { ($0.key.rawValue, JSONValue.string($0.value)) }
        return [
            "level": .string(level),
            "layers": .object(names),
            "refused": .object(Dictionary(uniqueKeysWithValues: errnos)),
        ]
    }
}
