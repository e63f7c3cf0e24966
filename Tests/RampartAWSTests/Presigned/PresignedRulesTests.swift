import RampartCore
import Testing

@testable import RampartAWS

@Suite("A presigned address")
struct PresignedRulesTests {
    private let hosts = PutHosts([
        "*.s3.eu-central-1.amazonaws.com", "exact.example.com", "127.0.0.1", "localhost", "[::1]",
    ])

    @Test(arguments: [
        "https://my-bucket.s3.eu-central-1.amazonaws.com/k?X-Amz-Signature=1",
        "https://a.b.s3.eu-central-1.amazonaws.com/k",
        "https://MY-BUCKET.S3.eu-central-1.amazonaws.com:443/k",
        "https://exact.example.com/", "https://Exact.Example.Com:8443/x?y=/z@w:1",
        "http://127.0.0.1:9300/b/k", "http://localhost:9300/b/k", "http://[::1]:9300/b/k",
        "https://127.0.0.1/b/k",
    ])
    func `may be used where its host is allowed`(url: String) {
        #expect(rejection(of: url) == nil)
    }

    @Test(arguments: [
        // The host is not allowed.
        "https://evil.example.com/k", "https://s3.eu-central-1.amazonaws.com/k",
        "https://evils3.eu-central-1.amazonaws.com/k", "https://sub.exact.example.com/",
        "https://my-bucket.s3.eu-central-1.amazonaws.com.evil.com/k",
        "https://exact.example.com./", "https://127.0.0.2/k", "https://2130706433/k",
        "https://.s3.eu-central-1.amazonaws.com/k", "https://169.254.169.254/latest",
        // Nobody else can be named so that two readers differ.
        "https://exact.example.com@evil.com/", "https://evil.com\\@exact.example.com/",
        "https://evil.com#@exact.example.com/", "https://evil.com?@exact.example.com/",
        "https://user:pass@exact.example.com/", "https://exact.example.com:80:443/",
        "https://exact.example.com:/", "https://exact.example.com:0/",
        "https://exact.example.com:99999/", "https:///exact.example.com/",
        "https:exact.example.com/",
        "https://exact.example.com", "https://exact.example.com?x=1",
        "https://exact%2Eexample.com/",
        "https://exact.example.com\t/", " https://exact.example.com/",
        "https://exact.example.com/ x",
        "https://exact.example.com/\r\nHost: evil", "https://exact.example.com/#x",
        "https://ехact.example.com/", "https://[::1/", "https://[exact.example.com]/", "",
        // The scheme is none that is allowed.
        "http://exact.example.com/", "http://my-bucket.s3.eu-central-1.amazonaws.com/k",
        "HTTPS://exact.example.com/", "ftp://exact.example.com/", "file:///etc/passwd",
        "//exact.example.com/", "/k", "http://127.0.0.1.evil.com/",
    ])
    func `is rejected with a pointer to it in any other case`(url: String) {
        #expect(rejection(of: url)?.pointer == "/store/put/0/url")
    }

    @Test func `is rejected with the pointer of its own place`() {
        let puts = ["https://exact.example.com/1", "https://evil.com/2"].map {
            PresignedPut(url: $0)
        }
        let rejection = PresignedRules.rejection(of: puts, allowing: hosts)
        #expect(rejection?.pointer == "/store/put/1/url")
        #expect(rejection?.message.contains("RAMPART_PUT_HOSTS") == true)
    }

    @Test func `is rejected whatever it is where the deployment allows no host`() {
        let put = PresignedPut(url: "https://exact.example.com/1")
        let rejection = PresignedRules.rejection(of: [put], allowing: PutHosts([]))
        #expect(rejection?.message.contains("RAMPART_PUT_HOSTS") == true)
    }

    @Test(arguments: [
        ("Content-Type", "image/png", true), ("x-amz-acl", "private", true), ("X-Empty", "", true),
        ("Host", "evil", false), ("content-length", "1", false), ("Transfer-Encoding", "x", false),
        ("Expect", "100-continue", false), ("Connection", "close", false), ("X A", "1", false),
        ("X-A", "1\r\nX-B: 2", false), ("", "1", false), ("X-A", "\u{7F}", false),
    ])
    func `may bring the headers that were signed, but none that frames the message`(
        name: String,
        value: String,
        isAllowed: Bool
    ) {
        let put = PresignedPut(
            url: "https://exact.example.com/1",
            headers: [PresignedPut.Header(name: name, value: value)]
        )
        let rejection = PresignedRules.rejection(of: [put], allowing: hosts)
        #expect(rejection?.pointer == (isAllowed ? nil : "/store/put/0/headers"))
    }

    @Test(arguments: [
        ("*.com", "a.com", true), ("*.com", "com", false), ("*.", "a.", false), ("*", "a", false),
        ("*.1", "127.0.0.1", false), ("*.0x1", "127.0.0.0x1", false),
        ("10.0.0.1", "10.0.0.1", true),
        ("EXAMPLE.com", "example.COM", true), ("a*.com", "ab.com", false), ("", "", true),
    ])
    func `is held against patterns that are exact or begin with a star and a dot`(
        pattern: String,
        host: String,
        matches: Bool
    ) {
        #expect(PutHosts([pattern]).allows(host) == matches)
    }

    private func rejection(of url: String) -> Rejection? {
        PresignedRules.rejection(of: [PresignedPut(url: url)], allowing: hosts)
    }
}
