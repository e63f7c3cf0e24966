import RampartCore

/// An event is a request within its bounds, or a rejection that points at a field.
enum EventCheck {
    static func check(_ payload: [UInt8]) throws(Flaw) -> String {
        do {
            switch try EventDecoder(limits: Limits()).decode(payload) {
            case .run(let request):
                try check(request)
                return "a request"
            case .capabilities: return "capabilities"
            case .selfTest: return "selfTest"
            }
        } catch let flaw as Flaw {
            throw flaw
        } catch let rejection as Rejection {
            try Flaw.unless(isPointer(rejection.pointer), "\(rejection.pointer) is no JSON pointer")
            try Flaw.unless(!rejection.message.isEmpty, "a rejection without a reason")
            return "\(rejection.pointer) \(rejection.message)"
        } catch {
            throw Flaw("\(error)")
        }
    }

    private static func check(_ request: RunRequest) throws(Flaw) {
        let chart = request.chart
        let limits = request.limits
        try Flaw.unless((1...1 << 20).contains(request.code.utf8.count), "the code's length")
        try Flaw.unless(request.inputs.count <= 32, "the inputs' number")
        try Flaw.unless(request.inputs.allSatisfy { InputName.isValid($0.name) }, "a name")
        try Flaw.unless(chart.width * chart.height <= 40_000_000, "the chart's area")
        try Flaw.unless((16...8192).contains(chart.width), "the chart's width")
        try Flaw.unless((16...8192).contains(chart.height), "the chart's height")
        try Flaw.unless((36...600).contains(chart.dpi), "the chart's dpi")
        try Flaw.unless((1...25).contains(limits.wallSeconds ?? 1), "the wall limit")
        try Flaw.unless((1...25).contains(limits.cpuSeconds ?? 1), "the CPU limit")
        try Flaw.unless((16...1024).contains(limits.memoryMB ?? 16), "the memory limit")
    }

    /// Whether it is a JSON pointer, as RFC 6901 writes its grammar.
    private static func isPointer(_ pointer: String) -> Bool {
        guard pointer.isEmpty || pointer.utf8.first == UInt8(ascii: "/") else { return false }
        var isAfterTilde = false
        for byte in pointer.utf8 {
            if isAfterTilde, byte != UInt8(ascii: "0"), byte != UInt8(ascii: "1") { return false }
            isAfterTilde = byte == UInt8(ascii: "~")
        }
        return !isAfterTilde
    }
}
