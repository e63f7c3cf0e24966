import RampartCore

/// A fault in the form in which the Runtime API takes one.
struct RuntimeErrorReport: Sendable {
    let headers: [HTTPHeader]
    let body: [UInt8]

    init(of fault: Fault) {
        var headers = [
            HTTPHeader("Content-Type", "application/vnd.aws.lambda.error+json"),
            HTTPHeader("Lambda-Runtime-Function-Error-Type", fault.errorType),
        ]
        if let cause = XRayCause.header(for: fault) {
            headers.append(HTTPHeader("Lambda-Runtime-Function-XRay-Error-Cause", cause))
        }
        self.headers = headers
        body = Self.body(of: fault)
    }

    private static func body(of fault: Fault) -> [UInt8] {
        let report: JSONValue = [
            "errorMessage": .string(fault.description),
            "errorType": .string(fault.errorType),
            "stackTrace": [],
        ]
        // Strings alone always encode; the fallback is for the type checker's sake.
        return (try? report.encoded()) ?? Array(#"{"errorType":"Runtime.InternalError"}"#.utf8)
    }
}
