import RampartCore

/// A fault in the form in which the Runtime API takes one.
struct RuntimeErrorReport: Sendable {
    let headers: [HTTPHeader]
    let body: [UInt8]

    init(of fault: Fault) {
        headers = [
            HTTPHeader("Content-Type", "application/vnd.aws.lambda.error+json"),
            HTTPHeader("Lambda-Runtime-Function-Error-Type", fault.errorType),
            HTTPHeader("Lambda-Runtime-Function-XRay-Error-Cause", XRayCause.header(for: fault)),
        ]
        body = Self.body(of: fault)
    }

    private static func body(of fault: Fault) -> [UInt8] {
        let report: JSONValue = [
            "errorMessage": .string(fault.description),
            "errorType": .string(fault.errorType),
            "stackTrace": [],
        ]
        return report.encoded()
    }
}
