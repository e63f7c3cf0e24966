import RampartCore
import Testing

@testable import RampartAWS

@Suite("An S3 endpoint")
struct S3EndpointTests {
    @Test(arguments: [
        ("eu-central-1", "https://my-bucket.s3.eu-central-1.amazonaws.com/k"),
        ("us-gov-west-1", "https://my-bucket.s3.us-gov-west-1.amazonaws.com/k"),
        ("cn-north-1", "https://my-bucket.s3.cn-north-1.amazonaws.com.cn/k"),
        ("eusc-de-east-1", "https://my-bucket.s3.eusc-de-east-1.amazonaws.eu/k"),
    ])
    func `names the bucket first, in the region's own domain`(region: String, url: String) {
        #expect(S3Endpoint(region: region).address(bucket: "my-bucket", key: "k").url == url)
    }

    @Test func `names a bucket with dots in the path, for the certificate does not cover it`() {
        let endpoint = S3Endpoint(region: "eu-west-1")
        let address = endpoint.address(bucket: "my.bucket", key: "a b")
        #expect(address.url == "https://s3.eu-west-1.amazonaws.com/my.bucket/a%20b")
    }

    @Test(arguments: [
        ["AWS_ENDPOINT_URL_S3": "http://localhost:9300"],
        ["AWS_ENDPOINT_URL_S3": "http://localhost:9300/", "AWS_ENDPOINT_URL": "http://other"],
        ["AWS_ENDPOINT_URL": "http://localhost:9300", "AWS_ENDPOINT_URL_S3": ""],
    ])
    func `names the bucket in the path at an address of one's own`(
        environment: [String: String]
    ) throws {
        let endpoint = try S3Endpoint(region: "eu-west-1", environment: environment)
        let address = endpoint.address(bucket: "my-bucket", key: "k", versionID: "v 1")
        #expect(address.url == "http://localhost:9300/my-bucket/k?versionId=v%201")
    }

    @Test func `is S3's own where the environment names none`() throws {
        let endpoint = try S3Endpoint(region: "eu-west-1", environment: [:])
        #expect(endpoint == S3Endpoint(region: "eu-west-1"))
    }

    @Test(arguments: [
        "localhost:9300", "ftp://x", "http://", "https:///x", "http://u:p@host", "http://h?x",
        "http://h#x", "http://a b",
    ])
    func `is refused in any other form`(value: String) {
        let fault = #expect(throws: Fault.self) {
            try S3Endpoint(region: "eu-west-1", environment: ["AWS_ENDPOINT_URL_S3": value])
        }
        #expect(fault?.kind == .invalidConfiguration)
        #expect(fault?.cause.contains("AWS_ENDPOINT_URL_S3") == true)
    }
}
