import FoundationEssentials

/// The time of day, which the platform's deadlines and AWS's signatures count in.
enum WallClock {
    /// Milliseconds since 1970.
    static func unixMilliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
