/// The TCP connections that the host has opened itself since it started.
///
/// A connection is counted in ``opening`` before it is opened and in ``opened`` after, so that between the two it is
/// known to be on its way.
package protocol ConnectionCount: Sendable {
    var opening: Int64 { get }
    var opened: Int64 { get }
}
