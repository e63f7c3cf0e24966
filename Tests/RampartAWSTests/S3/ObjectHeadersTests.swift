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

    @Test func `give the path that the script used, percent-encoded, where it is not the name`() {
        let changed = ObjectHeaders.of(
            .make(name: "a-b.png", original: "a/b é%.png"),
            bucketOwner: nil
        )
        #expect(changed["x-amz-meta-original-name"] == "a/b%20%C3%A9%25.png")
        let same = ObjectHeaders.of(.make(name: "a.png", original: "a.png"), bucketOwner: nil)
        #expect(same["x-amz-meta-original-name"] == nil)
    }

    @Test func `give the end of a path that is too long for metadata`() {
        let path = String(repeating: "é", count: 2000) + ".png"
        let headers = ObjectHeaders.of(.make(name: "e.png", original: path), bucketOwner: nil)
        let value = headers["x-amz-meta-original-name"]
        #expect(value == String(repeating: "%C3%A9", count: 170) + ".png")
    }

    @Test func `give the digest in base64`() {
        let empty = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        #expect(ObjectHeaders.base64(ofHex: S3Call.emptySHA256) == empty)
        #expect(ObjectHeaders.base64(ofHex: "abc") == nil)
        #expect(ObjectHeaders.base64(ofHex: String(repeating: "g", count: 64)) == nil)
    }
}
