package import RampartCore

/// Where S3 is reached, and how a bucket is named there.
package struct S3Endpoint: Sendable, Hashable {
    private enum Place: Sendable, Hashable {
        /// Behind this domain, the bucket first: `s3.eu-central-1.amazonaws.com`.
        case regional(domain: String)
        /// Under this address, the bucket as the path's next segment.
        case custom(scheme: String, host: String, path: String)
    }

    private let place: Place

    /// S3's own endpoint in a region, which a VPC's gateway endpoint carries.
    package init(region: String) {
        let suffix = Self.suffixes.first { region.hasPrefix($0.regions) }?.suffix
        self.init(.regional(domain: "s3.\(region).\(suffix ?? "amazonaws.com")"))
    }

    /// Reads `AWS_ENDPOINT_URL_S3`, else `AWS_ENDPOINT_URL`; S3's own endpoint where neither is set.
    ///
    /// - Throws: a ``Fault`` where the address is not `http(s)://host[:port][/path]`.
    package init(region: String, environment: [String: String]) throws(Fault) {
        let names = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"]
        guard let name = names.first(where: { !(environment[$0] ?? "").isEmpty }),
            let value = environment[name]
        else {
            self.init(region: region)
            return
        }
        guard let place = Self.place(value) else {
            throw Fault(
                .invalidConfiguration,
                couldNot: "find the S3 endpoint",
                cause: "\(name) must be http(s)://host[:port], without a query; it is not"
            )
        }
        self.init(place)
    }

    private init(_ place: Place) { self.place = place }

    /// Returns an object's address.
    func address(bucket: String, key: String, versionID: String? = nil) -> S3Address {
        let path = "/" + PercentEncoding.encodePath(key)
        let query = versionID.map { "versionId=\(PercentEncoding.encode($0))" } ?? ""
        return switch place {
        case .custom(let scheme, let host, let base):
            S3Address(scheme: scheme, host: host, path: "\(base)/\(bucket)\(path)", query: query)
        // The certificate's wildcard stands for one label only.
        case .regional(let domain) where bucket.contains("."):
            S3Address(scheme: "https", host: domain, path: "/\(bucket)\(path)", query: query)
        case .regional(let domain):
            S3Address(scheme: "https", host: "\(bucket).\(domain)", path: path, query: query)
        }
    }

    /// Takes an address of one's own apart; nil where it is none.
    private static func place(_ value: String) -> Place? {
        guard let scheme = ["https", "http"].first(where: { value.hasPrefix("\($0)://") }),
            value.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !value.contains(where: { "?#@\\".contains($0) })
        else { return nil }
        let rest = value.dropFirst(scheme.count + "://".count)
        let host = rest.prefix { $0 != "/" }
        let path = rest.dropFirst(host.count).reversed().drop { $0 == "/" }.reversed()
        return host.isEmpty
            ? nil : .custom(scheme: scheme, host: String(host), path: String(path))
    }

    /// The domains of the partitions that are not `amazonaws.com`.
    private static let suffixes: [(regions: String, suffix: String)] = [
        ("cn-", "amazonaws.com.cn"),
        ("eusc-", "amazonaws.eu"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
        ("us-isof-", "csp.hci.ic.gov"),
    ]
}
