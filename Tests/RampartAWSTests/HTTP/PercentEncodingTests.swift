import Testing

@testable import RampartAWS

@Suite("Percent-encoding")
struct PercentEncodingTests {
    @Test func `leaves only the unreserved bytes as they are`() {
        let unreserved = "ABCXYZabcxyz0189-._~"
        #expect(PercentEncoding.encode(unreserved) == unreserved)
        for byte in UInt8(0)...0x7F where !unreserved.utf8.contains(byte) {
            let text = String(UnicodeScalar(byte))
            guard !text.allSatisfy({ $0.isLetter || $0.isNumber }) else { continue }
            let digits = String(byte, radix: 16, uppercase: true)
            #expect(PercentEncoding.encode(text) == "%" + (byte < 16 ? "0" : "") + digits)
        }
    }

    @Test func `takes text as UTF-8`() {
        #expect(PercentEncoding.encode("é🙂") == "%C3%A9%F0%9F%99%82")
    }

    @Test func `keeps the slashes of a path alone`() {
        #expect(PercentEncoding.encodePath("a/b c//+=&?#%") == "a/b%20c//%2B%3D%26%3F%23%25")
        #expect(PercentEncoding.encode("a/b") == "a%2Fb")
    }
}
