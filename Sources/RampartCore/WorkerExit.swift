/// How a worker died and what it had used, as the kernel told the zygote that reaped it.
package struct WorkerExit: Sendable, Hashable {
    package enum Status: Sendable, Hashable {
        case code(Int32)
        case signal(Int32)
    }

    package let status: Status
    /// User and system time, with that of children it waited for.
    package let cpu: Duration
    /// The peak resident size, in bytes, with the pages inherited from the zygote.
    package let maxResidentBytes: Int64

    package init(status: Status, cpu: Duration, maxResidentBytes: Int64) {
        self.status = status
        self.cpu = cpu
        self.maxResidentBytes = maxResidentBytes
    }

    /// Reads the status as `wait4` gives it: the low seven bits are the signal, the second byte the code.
    package static func status(fromWait word: Int32) -> Status {
        let signal = word & 0x7F
        return signal == 0 ? .code((word >> 8) & 0xFF) : .signal(signal)
    }
}
