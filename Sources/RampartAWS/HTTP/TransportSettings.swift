/// The bounds of a ``Transport``.
package struct TransportSettings: Sendable, Hashable {
    /// How long a connection may take to stand, its TLS handshake included.
    package var connectTimeout: Duration
    /// How long a transfer may stand still, counted from its beginning or from the last byte that moved;
    /// nil: forever.
    package var stallBound: Duration?
    /// The longest idle time, in whole seconds, after which a kept connection is used again; nil: libcurl's
    /// own two minutes.
    package var idleSeconds: Int?
    /// The file of trusted certificates, where the system's own does not serve.
    package var certificateFile: String?
    /// A descriptor that becomes readable, for good, when the process is to stop; -1: there is none.
    package var interrupt: CInt = -1

    /// Creates the bounds.
    package init(
        connectTimeout: Duration = .seconds(1),
        stallBound: Duration? = nil,
        idleSeconds: Int? = nil,
        certificateFile: String? = nil
    ) {
        self.connectTimeout = connectTimeout
        self.stallBound = stallBound
        self.idleSeconds = idleSeconds
        self.certificateFile = certificateFile
    }

    /// For a store.
    ///
    /// A TLS handshake takes its time on a small function. A connection that was idle for longer
    /// than 15 seconds is not trusted: Lambda may have frozen the process meanwhile, and then nobody told this
    /// side that the connection was closed. The clock that libcurl measures the age with runs on in a freeze.
    package static let store = TransportSettings(
        connectTimeout: .seconds(2),
        stallBound: .seconds(5),
        idleSeconds: 15
    )

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
