import Testing

@testable import RampartCore

@Suite("The settings")
struct SettingsTests {
    @Test func `have the contract's defaults`() throws {
        let settings = try Settings(environment: ["PATH": "/bin", "AWS_REGION": "eu-central-1"])
        #expect(settings == Settings())
        #expect(settings.bucket == nil)
        #expect(settings.prefix == "charts/")
        #expect(settings.limits.wallSeconds == 25)
        #expect(settings.limits.cpuSeconds == 25)
        #expect(settings.reserve == .milliseconds(1500))
        #expect(settings.limits.memoryMB == 1024)
        #expect(settings.limits.fileMB == 32)
        #expect(settings.limits.outputMB == 128)
        #expect(settings.limits.files == 64)
        #expect(settings.limits.textKB == 64)
        #expect(settings.preload == ["ggplot2", "dplyr", "tidyr", "scales"])
        #expect(settings.warmUp)
        #expect(settings.warmUpMilliseconds == 4000)
        #expect(settings.spares == .max)
        #expect(!settings.sharesUser)
        #expect(settings.require == [.shield, .environment, .descriptors, .limits, .sweep])
        #expect(settings.signingKey == nil)
        #expect(settings.inputBuckets == [])
        #expect(settings.putHosts == [])
        #expect(!settings.logsScripts)
        #expect(!settings.selfTest)
        #expect(settings.rHome == nil)
        #expect(settings.logLevel == .info)
        #expect(settings.logFormat == .text)
        #expect(settings.maxConcurrency == 1)
    }

    /// One variable, a value, and what it changes.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let value: String
        let change: @Sendable (inout Settings) -> Void

        init(
            _ name: String,
            _ value: String,
            _ change: @escaping @Sendable (inout Settings) -> Void
        ) {
            self.name = name
            self.value = value
            self.change = change
        }

        var testDescription: String { "\(name)=\(value)" }
    }

    @Test(arguments: [
        Row("RAMPART_BUCKET", "my-bucket") {
            $0.bucket = "my-bucket"
            $0.inputBuckets = ["my-bucket"]
        },
        Row("RAMPART_PREFIX", "") { $0.prefix = "" },
        Row("RAMPART_PREFIX", "a/B-9_.") { $0.prefix = "a/B-9_." },
        Row("RAMPART_WALL_SECONDS", "900") { $0.limits.wallSeconds = 900 },
        Row("RAMPART_WALL_SECONDS", "1") { $0.limits.wallSeconds = 1 },
        Row("RAMPART_CPU_SECONDS", "7") { $0.limits.cpuSeconds = 7 },
        Row("RAMPART_RESERVE_MS", "0") { $0.reserve = .zero },
        Row("RAMPART_RESERVE_MS", "250") { $0.reserve = .milliseconds(250) },
        Row("RAMPART_MEMORY_MB", "16") { $0.limits.memoryMB = 16 },
        Row("RAMPART_FILE_MB", "5") { $0.limits.fileMB = 5 },
        Row("RAMPART_OUTPUT_MB", "6") { $0.limits.outputMB = 6 },
        Row("RAMPART_FILES", "0") { $0.limits.files = 0 },
        Row("RAMPART_TEXT_KB", "9") { $0.limits.textKB = 9 },
        Row("RAMPART_PRELOAD", "") { $0.preload = [] },
        Row("RAMPART_PRELOAD", " ggplot2 , data.table") { $0.preload = ["ggplot2", "data.table"] },
        Row("RAMPART_WARMUP", "off") { $0.warmUp = false },
        Row("RAMPART_WARMUP_MS", "10") { $0.warmUpMilliseconds = 10 },
        Row("RAMPART_SPARE", "off") { $0.spares = 0 },
        Row("RAMPART_SPARE", "on") { $0.spares = .max },
        Row("RAMPART_SPARE", "3") { $0.spares = 3 },
        Row("RAMPART_SHARE_USER", "on") { $0.sharesUser = true },
        Row("AWS_LAMBDA_MAX_CONCURRENCY", "16") { $0.maxConcurrency = 16 },
        Row("RAMPART_REQUIRE", "") { $0.require = [] },
        Row("RAMPART_REQUIRE", "shield, user,syscalls,files,network,oom") {
            $0.require = [.shield, .user, .syscalls, .files, .network, .oom]
        },
        Row("RAMPART_SIGNING_KEY", "s") { $0.signingKey = "s" },
        Row("RAMPART_INPUT_BUCKETS", "one, two-2") { $0.inputBuckets = ["one", "two-2"] },
        Row("RAMPART_PUT_HOSTS", "*.example.com,a") { $0.putHosts = ["*.example.com", "a"] },
        Row("RAMPART_LOG_SCRIPTS", "on") { $0.logsScripts = true },
        Row("RAMPART_SELF_TEST", "on") { $0.selfTest = true },
        Row("RAMPART_R", "/usr/lib/R") { $0.rHome = "/usr/lib/R" },
        Row("RAMPART_LOG_LEVEL", "debug") { $0.logLevel = .debug },
        Row("RAMPART_LOG_LEVEL", "WARN") { $0.logLevel = .warn },
        Row("AWS_LAMBDA_LOG_FORMAT", "JSON") { $0.logFormat = .json },
        Row("AWS_LAMBDA_LOG_FORMAT", "Text") { _ in },
        Row("AWS_LAMBDA_LOG_LEVEL", "FATAL") { $0.logLevel = .fatal },
        Row("AWS_LAMBDA_LOG_LEVEL", "loud") { _ in },
        Row("AWS_LAMBDA_MAX_CONCURRENCY", "2") { $0.maxConcurrency = 2 },
        // Names that are nobody's here.
        Row("_RAMPART_EXECUTABLE", "1:/x") { _ in }, Row("rampart_bucket", "?") { _ in },
    ])
    func `change by one variable`(row: Row) throws {
        var expected = Settings()
        row.change(&expected)
        #expect(try Settings(environment: [row.name: row.value]) == expected)
    }

    @Test(arguments: [
        ("RAMPART_BUCKET", ""), ("RAMPART_BUCKET", "My_Bucket"), ("RAMPART_PREFIX", "a/../b"),
        ("RAMPART_PREFIX", "a b"), ("RAMPART_WALL_SECONDS", "0"), ("RAMPART_WALL_SECONDS", "901"),
        ("RAMPART_WALL_SECONDS", "1.5"), ("RAMPART_WALL_SECONDS", ""),
        ("RAMPART_WALL_SECONDS", " 5"),
        ("RAMPART_CPU_SECONDS", "0"), ("RAMPART_RESERVE_MS", "-1"), ("RAMPART_RESERVE_MS", "60001"),
        ("RAMPART_MEMORY_MB", "15"), ("RAMPART_FILE_MB", "0"), ("RAMPART_OUTPUT_MB", "99999"),
        ("RAMPART_FILES", "-1"), ("RAMPART_FILES", "10001"), ("RAMPART_TEXT_KB", "1025"),
        ("RAMPART_PRELOAD", "ggplot2;system('x')"), ("RAMPART_WARMUP", "yes"),
        ("RAMPART_WARMUP_MS", "x"),
        ("RAMPART_SPARE", "ON"), ("RAMPART_REQUIRE", "shield,moat"), ("RAMPART_SIGNING_KEY", ""),
        ("RAMPART_INPUT_BUCKETS", "ok-bucket,No"), ("RAMPART_LOG_SCRIPTS", "1"),
        ("RAMPART_SELF_TEST", ""), ("RAMPART_PUT_HOSTS", "http://x"), ("RAMPART_PUT_HOSTS", "*."),
        ("RAMPART_R", "usr/lib/R"), ("RAMPART_LOG_LEVEL", "loud"),
        ("AWS_LAMBDA_MAX_CONCURRENCY", "many"),
        // Buckets that no plain signed PUT reaches.
        ("RAMPART_BUCKET", "charts--euc1-az1--x-s3"), ("RAMPART_BUCKET", "charts--ol-s3"),
        ("RAMPART_INPUT_BUCKETS", "ok-bucket, in--euc1-az1--x-s3"), ("RAMPART_BUCKET", "abc.mrap"),
        ("RAMPART_BUCKET", "tables--table-s3"), ("RAMPART_BUCKET", "ap--euc1-az1--xa-s3"),
        // Not a setting at all.
        ("RAMPART_WALL", "5"), ("RAMPART_", "x"), ("RAMPART_bucket", "abc"),
    ])
    func `stop the start where a variable is unknown or does not parse, and name it`(
        name: String,
        value: String
    ) {
        let fault = #expect(throws: Fault.self) { try Settings(environment: [name: value]) }
        #expect(fault?.kind == .invalidConfiguration)
        let beginnings = ["\(name) must be ", "\(name) is not a setting"]
        #expect(beginnings.contains { fault?.cause.hasPrefix($0) == true })
        #expect(fault?.cause.contains("must be must") == false)
    }

    @Test func `let the platform's log level win`() throws {
        let both = ["AWS_LAMBDA_LOG_LEVEL": "ERROR", "RAMPART_LOG_LEVEL": "trace"]
        #expect(try Settings(environment: both).logLevel == .error)
        #expect(
            try Settings(environment: both.merging(["AWS_LAMBDA_LOG_LEVEL": ""]) { $1 }).logLevel
                == .trace
        )
    }

    @Test func `let inputs come from the deployment's bucket unless others are named`() throws {
        let both = ["RAMPART_BUCKET": "own-bucket", "RAMPART_INPUT_BUCKETS": "other"]
        #expect(try Settings(environment: both).inputBuckets == ["other"])
    }

    @Test func `quote no more than the start of a bad value`() {
        let long = String(repeating: "9", count: 5000)
        let fault = #expect(throws: Fault.self) {
            try Settings(environment: ["RAMPART_FILES": long])
        }
        #expect((fault?.cause.utf8.count ?? .max) < 200)
    }
}
