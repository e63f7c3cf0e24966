import Crypto
import Foundation

@testable import RampartAWS

/// Computes AWS's version 4 signature over a request as it was received, by the published steps and
/// without any of the code under test.
struct SignatureCheck {
    let accessKeyID: String
    let secretAccessKey: String
    let region: String

    /// What the request claims, taken apart.
    struct Claim {
        let credential: String
        let signedHeaders: [String]
        let signature: String

        init?(_ authorization: String?) {
            guard let authorization, authorization.hasPrefix("AWS4-HMAC-SHA256 ") else {
                return nil
            }
            var fields: [String: String] = [:]
            for part in authorization.dropFirst("AWS4-HMAC-SHA256 ".count).split(separator: ",") {
                let pair = part.trimmingCharacters(in: .whitespaces).split(
                    separator: "=",
                    maxSplits: 1
                )
                guard pair.count == 2 else { return nil }
                fields[String(pair[0])] = String(pair[1])
            }
            guard let credential = fields["Credential"], let signed = fields["SignedHeaders"],
                let signature = fields["Signature"]
            else { return nil }
            self.credential = credential
            signedHeaders = signed.split(separator: ";").map(String.init)
            self.signature = signature
        }
    }

    /// Returns the signature that the request should bear; nil where a header that it claims to have
    /// signed is missing.
    func signature(of request: RecordedRequest, claiming claim: Claim) -> String? {
        guard let date = request.headers["x-amz-date"],
            let digest = request.headers["x-amz-content-sha256"],
            let headers = canonicalHeaders(of: request, claim.signedHeaders)
        else { return nil }
        let canonical = [
            request.method, request.path, canonicalQuery(request.query), headers,
            claim.signedHeaders.joined(separator: ";"), digest,
        ].joined(separator: "\n")
        let scope = "\(date.prefix(8))/\(region)/s3/aws4_request"
        guard claim.credential == "\(accessKeyID)/\(scope)" else { return nil }
        let text =
            "AWS4-HMAC-SHA256\n\(date)\n\(scope)\n"
            + Self.hex(SHA256.hash(data: Data(canonical.utf8)))
        var key = Data("AWS4\(secretAccessKey)".utf8)
        for part in [String(date.prefix(8)), region, "s3", "aws4_request", text] {
            let code = HMAC<SHA256>.authenticationCode(
                for: Data(part.utf8),
                using: SymmetricKey(data: key)
            )
            key = Data(code)
        }
        return Self.hex(key)
    }

    private func canonicalHeaders(of request: RecordedRequest, _ names: [String]) -> String? {
        guard names == names.sorted() else { return nil }
        var lines = ""
        for name in names {
            guard let value = request.headers[name] else { return nil }
            let words = value.split(separator: " ").joined(separator: " ")
            lines += "\(name):\(words)\n"
        }
        return lines
    }

    private func canonicalQuery(_ query: String) -> String {
        query.split(separator: "&").map { $0.contains("=") ? String($0) : "\($0)=" }.sorted()
            .joined(separator: "&")
    }

    /// Returns bytes as hex digits.
    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in String(format: "%02x", byte) }.joined()
    }

    /// Returns the SHA-256 of bytes as hex digits.
    static func sha256(_ bytes: [UInt8]) -> String { hex(SHA256.hash(data: Data(bytes))) }
}
