import RampartCore
import RampartSandbox
import SystemPackage

/// Stands before the emulator and lets callers through one by one.
struct LineKeeper {
    /// Where callers come.
    let port: UInt16

    private let listener: LoopbackSocket
    private let emulator: Emulator

    /// Listens on the port; on a free one where it is 0.
    init(port: UInt16, emulator: Emulator) throws(Fault) {
        self.emulator = emulator
        do {
            listener = try LoopbackSocket.listen(on: port)
            self.port = try listener.port()
        } catch {
            throw Fault(
                .invalidConfiguration,
                couldNot: "listen on port \(port)",
                cause: "\(error)"
            )
        }
    }

    /// Serves until the process is to stop or the emulator is gone.
    func serve() throws(Fault) {
        while !StopSignal.isRaised {
            guard emulator.isAlive else {
                throw Fault(.internalError, couldNot: "go on", cause: "AWS's emulator has ended")
            }
            do {
                guard let caller = try listener.accept(timeout: .seconds(1)) else { continue }
                serve(caller)
            } catch  where error != .interrupted {
                throw Fault(.internalError, couldNot: "take a call", cause: "\(error)")
            } catch {
                continue
            }
        }
    }

    /// Passes one request on, and its answer back.
    ///
    /// A caller that is slow or gone loses its own answer only.
    private func serve(_ caller: LoopbackSocket) {
        do {
            var (request, body) = try readHead(caller)
            if request.expectsContinue { try caller.write(Self.goOn, timeout: Self.callerBound) }
            while body.count < request.bodyBytes {
                let piece = try caller.read(timeout: Self.callerBound)
                if piece.isEmpty { return }
                body += piece
            }
            try pass(request.head + body.prefix(request.bodyBytes), to: caller)
        } catch let refusal as LocalRequest.Refusal {
            try? caller.write(
                Self.answer(refusal.status, refusal.message),
                timeout: Self.callerBound
            )
        } catch {
            let message = "the call was not answered: \(error)"
            try? caller.write(Self.answer("502 Bad Gateway", message), timeout: Self.callerBound)
        }
    }

    private func readHead(_ caller: LoopbackSocket) throws -> (LocalRequest, rest: [UInt8]) {
        var bytes: [UInt8] = []
        while bytes.count <= LocalRequest.mostHeadBytes {
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (
                    try LocalRequest(head: Array(bytes[..<end.lowerBound])),
                    Array(bytes[end.upperBound...])
                )
            }
            let piece = try caller.read(timeout: Self.callerBound)
            guard !piece.isEmpty else { throw Errno.brokenPipe }
            bytes += piece
        }
        throw LocalRequest.Refusal(
            status: "431 Request Header Fields Too Large",
            message: "the headers may have up to \(LocalRequest.mostHeadBytes) bytes"
        )
    }

    private func pass(_ request: [UInt8], to caller: LoopbackSocket) throws {
        let connection = try LoopbackSocket.connect(to: emulator.port)
        try connection.write(request, timeout: Self.callerBound)
        while true {
            let piece = try connection.read(timeout: Self.answerBound)
            if piece.isEmpty { return }
            try caller.write(piece, timeout: Self.callerBound)
        }
    }

    private static func answer(_ status: String, _ message: String) -> [UInt8] {
        let body = "\(message)\n"
        let head = """
            HTTP/1.1 \(status)\r
            Content-Type: text/plain\r
            Content-Length: \(body.utf8.count)\r
            Connection: close\r
            \r

            """
        return Array((head + body).utf8)
    }

    private static let goOn = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
    private static let callerBound = Duration.seconds(10)
    /// Lambda's longest timeout.
    private static let answerBound = Duration.seconds(900)
}
