import RampartCore
import Testing

@testable import RampartAWS

@Suite("The Runtime API's address")
struct RuntimeAddressTests {
    @Test(arguments: ["127.0.0.1:9001", "169.254.100.1:9001", "localhost:80", "[::1]:9001"])
    func `is a host and a port`(address: String) throws {
        #expect(try RuntimeAddress(address).base == "http://\(address)")
    }

    @Test(arguments: [
        "", "127.0.0.1", "127.0.0.1:", ":9001", "127.0.0.1:0", "127.0.0.1:65536", "a b:1",
        "http://127.0.0.1:9001", "127.0.0.1:9001/x", "user@host:1", "host:+1",
    ])
    func `is refused in any other form, and the variable is named`(address: String) {
        let fault = #expect(throws: Fault.self) { try RuntimeAddress(address) }
        #expect(fault?.kind == .invalidConfiguration)
        #expect(fault?.cause.contains("AWS_LAMBDA_RUNTIME_API") == true)
    }
}
