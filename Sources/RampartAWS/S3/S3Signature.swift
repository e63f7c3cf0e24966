import Crypto
import FoundationEssentials

/// AWS's signature, version 4, over a request to S3.
///
/// It is not left to libcurl, whose signer is at odds with the rest of what is asked here: 7.88.1 signs
/// the headers that it was told not to send, and sends a date that it was given twice; and what it does
/// differs between the libcurl that tests meet and the one that is deployed.
struct S3Signature: Sendable {
    /// The request's headers, all of which are signed, and the signature.
    let headers: [HTTPHeader]

    /// Signs a request.
    ///
    /// - Parameters:
    ///   - method: the request's method.
    ///   - address: with a query in the order of its names.
    ///   - headers: those that this request has and another has not.
    ///   - payloadSHA256: the body's digest in hex.
    ///   - date: `20130524T000000Z`.
    ///   - region: where the bucket lies.
    ///   - credentials: whose signature it is.
    init(
        method: HTTPRequest.Method,
        address: S3Address,
        headers: [HTTPHeader],
        payloadSHA256: String,
        date: String,
        region: String,
        credentials: S3Credentials
    ) {
        var all = headers
        all.append(HTTPHeader("Host", address.host))
        all.append(HTTPHeader("x-amz-content-sha256", payloadSHA256))
        all.append(HTTPHeader("x-amz-date", date))
        if let token = credentials.sessionToken {
            all.append(HTTPHeader("x-amz-security-token", token))
        }
        let signed = all.map { HTTPHeader($0.name.lowercased(), Self.canonical($0.value)) }
            .sorted { $0.name < $1.name }
        let names = signed.map(\.name).joined(separator: ";")
        let request = [
            method.rawValue, address.path, address.query,
            signed.map { "\($0.name):\($0.value)\n" }.joined(), names, payloadSHA256,
        ].joined(separator: "\n")
        let scope = [String(date.prefix(8)), region, "s3", "aws4_request"]
        let path = scope.joined(separator: "/")
        let digest = Self.hex(SHA256.hash(data: Data(request.utf8)))
        let text = "AWS4-HMAC-SHA256\n\(date)\n\(path)\n\(digest)"
        let key = scope.reduce(Data("AWS4\(credentials.secretAccessKey)".utf8), Self.code)
        let authorization =
            "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(path), "
            + "SignedHeaders=\(names), Signature=\(Self.hex(Self.code(key, text)))"
        self.headers = all + [HTTPHeader("Authorization", authorization)]
    }

    /// Returns a header's value without blanks at its ends and with single ones within.
    private static func canonical(_ value: String) -> String {
        value.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
    }

    private static func code(_ key: Data, _ text: String) -> Data {
        let key = SymmetricKey(data: key)
        return Data(HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key))
    }

    private static func hex(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xF)]] }
        return String(decoding: text, as: UTF8.self)
    }
}
