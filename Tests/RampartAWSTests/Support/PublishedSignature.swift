@testable import RampartAWS

/// Requests with the signatures that AWS's documentation of S3 gives for them, in "Signature Calculations for the
/// Authorization Header: Transferring Payload in a Single Chunk": all four that are there.
///
/// AWS's general test suite for version 4 does not apply: its requests are to a service named `service` and bear
/// no `x-amz-content-sha256`, which S3 demands.
struct PublishedSignature: Sendable {
    let method: HTTPRequest.Method
    /// The headers but those that every request to S3 has.
    let headers: [HTTPHeader]
    /// The request as it goes over the wire, its signature included.
    let head: String

    static let credentials = S3Credentials(
        accessKeyID: "AKIAIOSFODNN7EXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    )

    static let all = [
        PublishedSignature(
            method: .get,
            headers: [HTTPHeader("Range", "bytes=0-9")],
            head: """
                GET /test.txt HTTP/1.1\r
                Host: examplebucket.s3.amazonaws.com\r
                Range: bytes=0-9\r
                x-amz-content-sha256: \
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r
                x-amz-date: 20130524T000000Z\r
                Authorization: AWS4-HMAC-SHA256 \
                Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
                Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\r

                """
        ),
        PublishedSignature(
            method: .put,
            headers: [
                HTTPHeader("Date", "Fri, 24 May 2013 00:00:00 GMT"),
                HTTPHeader("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ],
            head: """
                PUT /test%24file.text HTTP/1.1\r
                Host: examplebucket.s3.amazonaws.com\r
                Date: Fri, 24 May 2013 00:00:00 GMT\r
                x-amz-date: 20130524T000000Z\r
                x-amz-storage-class: REDUCED_REDUNDANCY\r
                x-amz-content-sha256: \
                44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072\r
                Authorization: AWS4-HMAC-SHA256 \
                Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                SignedHeaders=date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class,\
                Signature=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd\r

                """
        ),
        example(
            query: "lifecycle=",
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"
        ),
        example(
            query: "max-keys=2&prefix=J",
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"
        ),
    ]

    /// A GET of the bucket with a query and no header of its own.
    private static func example(query: String, _ signature: String) -> PublishedSignature {
        PublishedSignature(
            method: .get,
            headers: [],
            head: """
                GET /?\(query) HTTP/1.1\r
                Host: examplebucket.s3.amazonaws.com\r
                x-amz-date: 20130524T000000Z\r
                x-amz-content-sha256: \
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r
                Authorization: AWS4-HMAC-SHA256 \
                Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
                SignedHeaders=host;x-amz-content-sha256;x-amz-date,\
                Signature=\(signature)\r

                """
        )
    }
}
