/// A valid request for one run.
package struct RunRequest: Sendable, Hashable {
    package var code: String
    package var inputs: [Input]
    package var chart: ChartOptions
    package var limits: RequestedLimits
    package var transcript: Bool
    package var store: StoreChoice
    package var seed: Int32?

    package init(
        code: String,
        inputs: [Input] = [],
        chart: ChartOptions = ChartOptions(),
        limits: RequestedLimits = RequestedLimits(),
        transcript: Bool = false,
        store: StoreChoice = .deployment(prefix: nil),
        seed: Int32? = nil
    ) {
        self.code = code
        self.inputs = inputs
        self.chart = chart
        self.limits = limits
        self.transcript = transcript
        self.store = store
        self.seed = seed
    }
}

/// A file that lies in the working directory before the script starts.
package struct Input: Sendable, Hashable {
    package enum Source: Sendable, Hashable {
        case bytes([UInt8])
        case s3(S3Object)
    }

    package let name: String
    package let source: Source

    package init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

/// An object in S3 that a request names.
package struct S3Object: Sendable, Hashable {
    package let bucket: String
    package let key: String
    package let versionID: String?
    package let etag: String?

    package init(bucket: String, key: String, versionID: String? = nil, etag: String? = nil) {
        self.bucket = bucket
        self.key = key
        self.versionID = versionID
        self.etag = etag
    }
}

/// Where the request wants its artifacts.
package enum StoreChoice: Sendable, Hashable {
    /// The deployment's own store, under the request's prefix or else the request id.
    case deployment(prefix: String?)
    /// Base64 in the envelope.
    case inline
    /// Presigned addresses, used in order.
    case put([PresignedPut])
}

/// A presigned PUT address of the caller's.
package struct PresignedPut: Sendable, Hashable {
    package let url: String
    /// Sent as they are, in this order.
    package let headers: [Header]

    package struct Header: Sendable, Hashable {
        package let name: String
        package let value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(url: String, headers: [Header] = []) {
        self.url = url
        self.headers = headers
    }
}
