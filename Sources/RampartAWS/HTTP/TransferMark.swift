/// How far a transfer has come; two that are equal mean that nothing moved between them.
///
/// libcurl's own low-speed limit is not used. It goes by an average over some seconds, which differs between its
/// versions and gave up after ten seconds where five were asked for.
struct TransferMark: Sendable, Hashable {
    /// The bytes that libcurl was given or has given.
    let moved: Int
    /// Whether the request's head is out.
    let isOut: Bool
    /// What the kernel still holds of the request: a slow link drains it long after libcurl was given all.
    let unacknowledged: Int
}
