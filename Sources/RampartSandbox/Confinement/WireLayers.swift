import CSandbox
import RampartCore
import SystemPackage

/// The layers of a `PREPARED` message.
enum WireLayers {
    static func load(_ prepared: rampart_prepared) -> [Layer: Enforcement] {
        let states = prepared.layers
        return [
            .descriptors: enforcement(states.0),
            .limits: enforcement(states.1),
            .user: enforcement(states.2),
            .syscalls: enforcement(states.3),
            .files: enforcement(states.4),
        ]
    }

    private static func enforcement(_ state: rampart_layer_state) -> Enforcement {
        switch UInt32(bitPattern: state.enforcement) {
        case RAMPART_ENFORCED.rawValue: .enforced
        case RAMPART_UNAVAILABLE.rawValue: .unavailable(ErrnoName.of(state.error))
        default: .off
        }
    }
}
