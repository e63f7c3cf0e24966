import RampartCore
import Testing

@testable import RampartAWS

@Suite("The headers of an object")
struct ObjectHeadersTests {
    @Test(arguments: MediaType.allCases)
    func `make a browser save what it would run`(type: MediaType) {
        let headers = ObjectHeaders.of(.make(type: type), bucketOwner: nil)
        let isActive = type == .svg || type == .html
        #expect((headers["Content-Disposition"] != nil) == isActive)
        #expect(headers["Content-Type"] == type.rawValue)
    }

    @Test func `leave a name out that could end the header's quotes`() {
        let headers = ObjectHeaders.of(.make(name: "a\"b.svg", type: .svg), bucketOwner: "1")
        #expect(headers["Content-Disposition"] == "attachment")
        #expect(headers["x-amz-expected-bucket-owner"] == "1")
    }

    @Test func `give the digest in base64`() {
        let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        #expect(ObjectHeaders.base64(ofHex: S3Call.emptySHA256) == empty)
        #expect(ObjectHeaders.base64(ofHex: "abc") == nil)
        #expect(ObjectHeaders.base64(ofHex: String(repeating: "g", count: 64)) == nil)
    }
}
