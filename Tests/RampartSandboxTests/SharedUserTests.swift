import Testing

/// The tests of runs that share the host's user: one after the other, for each would see, and kill, the strays
/// of the others.
@Suite("Where runs share the host's user", .serialized)
enum SharedUserTests {}
