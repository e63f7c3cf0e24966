// swift-tools-version: 6.2
import PackageDescription

// Versions are exact and Package.resolved is not kept: the mirrors that some builds use hold the same
// sources under other commit ids.
let package = Package(
    name: "rampart",
    products: [
        .executable(name: "rampart", targets: ["rampart"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .target(name: "CSandbox", cSettings: cSettings),
        .target(name: "RampartCore", swiftSettings: swiftSettings),
        .target(
            name: "RampartSandbox",
            dependencies: [
                "RampartCore",
                "CSandbox",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "RampartAWS",
            dependencies: [
                "RampartCore",
                "CCurl",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "RampartRuntime",
            dependencies: [
                "RampartCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "rampart",
            dependencies: [
                "RampartCore", "RampartSandbox", "RampartAWS", "RampartRuntime",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "RampartFuzz",
            dependencies: ["RampartCore"],
            path: "Tests/RampartFuzz",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "rampart-fuzz",
            dependencies: [
                "RampartFuzz",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/rampart-fuzz",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "RampartCoreTests",
            dependencies: ["RampartCore", "RampartFuzz"],
            exclude: ["Corpus", "Golden"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "RampartSandboxTests",
            dependencies: [
                "RampartSandbox", "RampartCore", "CSandbox",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "RampartAWSTests",
            dependencies: [
                "RampartAWS", "RampartCore",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "RampartRuntimeTests",
            dependencies: [
                "RampartRuntime", "RampartCore",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)

var swiftSettings: [SwiftSetting] {
    [
        .strictMemorySafety(),
        .treatAllWarnings(as: .error),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}

var cSettings: [CSetting] {
    [
        .unsafeFlags([
            "-std=c11", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fvisibility=hidden",
        ])
    ]
}
