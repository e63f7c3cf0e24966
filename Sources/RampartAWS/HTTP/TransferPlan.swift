/// Requests that are sent side by side, each again for as long as its plan wants.
protocol TransferPlan {
    /// How many there are.
    var count: Int { get }

    /// Returns the request with that index as it is to be sent now.
    mutating func request(_ index: Int) -> HTTPRequest

    /// Takes what became of one sending.
    ///
    /// - Returns: when to send it again; nil where it is settled.
    mutating func settle(
        _ index: Int,
        _ result: Result<HTTPResponse, TransportError>
    ) -> ContinuousClock.Instant?
}
