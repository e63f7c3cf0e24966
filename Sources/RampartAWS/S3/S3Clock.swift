import FoundationEssentials

/// The time that S3 goes by, which this machine's clock may miss after it was frozen.
struct S3Clock: Sendable, Hashable {
    /// What is added to this machine's time.
    private(set) var offset: TimeInterval = 0

    /// Returns the time in the form that a signature takes: `20130524T000000Z`.
    func amzDate(at now: Date = Date()) -> String {
        now.addingTimeInterval(offset)
            .formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
    }

    /// Sets the clock by a reply's `Date`; a date that does not parse changes nothing.
    mutating func set(by header: String?, at now: Date = Date()) {
        guard let header, let seconds = CurlLibrary.unixSeconds(ofDate: header) else { return }
        offset = TimeInterval(seconds) - now.timeIntervalSince1970
    }
}
