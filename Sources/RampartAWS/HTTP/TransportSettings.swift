/// The bounds of a ``Transport``.
package struct TransportSettings: Sendable, Hashable {
    /// How long a connection may take to stand, its TLS handshake included.
    package var connectTimeout: Duration
    /// How long a transfer may make no progress, in whole seconds; nil: for ever.
    package var stallSeconds: Int?
    /// The file of trusted certificates, where the system's own does not serve.
    package var certificateFile: String?
    /// A descriptor that becomes readable, for good, when the process is to stop; -1: there is none.
    package var interrupt: CInt = -1

    /// Creates the bounds.
    package init(
        connectTimeout: Duration = .seconds(1),
        stallSeconds: Int? = nil,
        certificateFile: String? = nil
    ) {
        self.connectTimeout = connectTimeout
        self.stallSeconds = stallSeconds
        self.certificateFile = certificateFile
    }

    /// For a store: a TLS handshake takes its time on a small function, and what stands still is begun
    /// again: after five seconds without a first byte, and some ten without another, for libcurl averages
    /// over the last five.
    package static let store = TransportSettings(connectTimeout: .seconds(2), stallSeconds: 5)

    /// Returns the same bounds, heeding a descriptor.
    package func interrupted(by descriptor: CInt) -> TransportSettings {
        var settings = self
        settings.interrupt = descriptor
        return settings
    }

    /// For the Runtime API: no read timeout, for the process is frozen inside `next` for as long as
    /// the platform likes.
    package static let runtimeAPI = TransportSettings()
}
