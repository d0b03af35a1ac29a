// swift-tools-version: 6.2
import PackageDescription

// MARK: - What everything here is compiled with

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

// MARK: - Libraries from outside

let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(name: "HummingbirdTesting", package: "hummingbird")
let httpClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let jwt: Target.Dependency = .product(name: "JWTKit", package: "jwt-kit")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")
let tracing: Target.Dependency = .product(name: "Tracing", package: "swift-distributed-tracing")
let configuration: Target.Dependency = .product(name: "Configuration", package: "swift-configuration")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let lifecycleTesting: Target.Dependency = .product(name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let collections: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")

// MARK: - Shapes

/// A C library of the system: a module map and a shim header, nothing else.
func library(c name: String, pkgConfig: String? = nil, debian package: String) -> Target {
    .systemLibrary(name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// A module that services share. It knows no service.
func shared(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: exclude, swiftSettings: strict)
}

/// One of the seven services: an executable that stands on `Shared` and never on another service.
func service(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .executableTarget(
        name: name,
        dependencies: ["ServiceKit", "Contracts"] + dependencies,
        path: "Services/\(name)",
        exclude: ["Migrations"],
        resources: [.embedInCode("openapi.json")],
        swiftSettings: strict
    )
}

/// A tool that an operator or developer runs.
func tool(_ name: String, path: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .executableTarget(name: name, dependencies: dependencies, path: path, exclude: exclude, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name), "TestKit"] + dependencies,
        path: "Tests/\(name)Tests",
        exclude: exclude,
        resources: resources,
        swiftSettings: strict
    )
}

// MARK: - The system

let package = Package(
    name: "Hearth",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "hearth-auth", targets: ["Auth"]),
        .executable(name: "hearth-catalog", targets: ["Catalog"]),
        .executable(name: "hearth-documents", targets: ["Documents"]),
        .executable(name: "hearth-campaigns", targets: ["Campaigns"]),
        .executable(name: "hearth-alerts", targets: ["Alerts"]),
        .executable(name: "hearth-scraper", targets: ["Scraper"]),
        .executable(name: "hearth-analytics", targets: ["Analytics"]),
        .executable(name: "hearthctl", targets: ["Hearthctl"]),
        .executable(name: "hearth-demo", targets: ["Demo"]),
        .executable(name: "hearth-chaos", targets: ["Chaos"]),
        .executable(name: "hearth-bench", targets: ["Benchmarks"]),
    ],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    ],
    targets: [
        library(c: "CLibPQ", pkgConfig: "libpq", debian: "libpq-dev"),
        library(c: "CHiredis", pkgConfig: "hiredis", debian: "libhiredis-dev"),
        library(c: "CRabbitMQ", pkgConfig: "librabbitmq", debian: "librabbitmq-dev"),
        library(c: "CCurl", pkgConfig: "libcurl", debian: "libcurl4-openssl-dev"),
        library(c: "CGumbo", pkgConfig: "gumbo", debian: "libgumbo-dev"),
        library(c: "CCrypt", pkgConfig: "libxcrypt", debian: "libcrypt-dev"),
        library(c: "CFIDO2", pkgConfig: "libfido2", debian: "libfido2-dev"),
        library(c: "CCBOR", pkgConfig: "libcbor", debian: "libcbor-dev"),
        library(c: "CZxcvbn", debian: "libzxcvbn-dev"),
        library(c: "CArchive", pkgConfig: "libarchive", debian: "libarchive-dev"),
        library(c: "CTurboJPEG", pkgConfig: "libturbojpeg", debian: "libturbojpeg0-dev"),
        library(c: "CPNG", pkgConfig: "libpng", debian: "libpng-dev"),
        library(c: "CBrotli", pkgConfig: "libbrotlidec", debian: "libbrotli-dev"),
        library(c: "CQREncode", pkgConfig: "libqrencode", debian: "libqrencode-dev"),
        library(c: "CPSL", pkgConfig: "libpsl", debian: "libpsl-dev"),
        library(c: "CTesseract", pkgConfig: "tesseract", debian: "libtesseract-dev"),
        // What the C library only has for GNU's C.
        .target(name: "CProcess", path: "Shared/CProcess"),
        .target(name: "CResolver", path: "Shared/CResolver", linkerSettings: [.linkedLibrary("resolv")]),
        // A C++ library behind plain C.
        .target(name: "CPhoneNumber", path: "Shared/CPhoneNumber", linkerSettings: [.linkedLibrary("phonenumber")]),

        shared("Postgres", ["CLibPQ", collections, logging, metrics, tracing, lifecycle]),
        shared("Redis", ["CHiredis", collections, logging, metrics, tracing, lifecycle]),
        shared("Messaging", ["CRabbitMQ", "Postgres", collections, crypto, logging, metrics, tracing, lifecycle], exclude: ["Migrations"]),
        shared("Contracts", ["Messaging"], exclude: ["asyncapi.json"]),
        shared("Images", ["CTurboJPEG", "CPNG"]),
        shared("Files", [crypto, nioCore, nioPosix]),
        shared("Outbound", [nioCore, nioPosix, httpClient]),
        shared("Passwords", ["CCrypt", "CZxcvbn", crypto, collections]),
        shared("ContactValues", ["CPSL", "CPhoneNumber"]),
        shared(
            "ServiceKit",
            [
                "Contracts", "Messaging", "Postgres", "Redis", hummingbird, httpClient, jwt, crypto, configuration, nioCore,
                lifecycle, logging, metrics, tracing,
            ]),
        shared("Provisioning", ["Contracts", "Messaging", "Postgres", httpClient, logging]),
        shared(
            "TestKit",
            [
                "Provisioning", "ServiceKit", "Postgres", "Redis", "Messaging", crypto, hummingbird, hummingbirdTesting,
                httpClient, nioCore, nioPosix,
            ]),

        service("Auth", ["CArchive", "CCBOR", "CFIDO2", "CQREncode", "Passwords", crypto, httpClient, jwt]),
        service("Catalog", ["ContactValues"]),
        service("Documents", ["Files"]),
        service("Campaigns", ["CCurl", mustache]),
        service("Alerts", ["Outbound", crypto, httpClient, nioPosix]),
        service(
            "Scraper",
            [
                "CBrotli", "CGumbo", "CProcess", "CResolver", "CTesseract", "ContactValues", "Files", "Images", "Outbound", httpClient, nioPosix,
            ]),
        service("Analytics"),

        tool("Hearthctl", path: "deploy/hearthctl", ["Passwords", "Provisioning", "ServiceKit", arguments]),
        .target(name: "ClientKit", dependencies: [crypto, hummingbird, httpClient, nioCore, logging], path: "deploy/client", swiftSettings: strict),
        tool("Demo", path: "deploy/demo", ["ClientKit", arguments], exclude: ["Site"]),
        tool("Chaos", path: "deploy/chaos", ["ClientKit", "Postgres", "Provisioning", "Redis", logging, arguments]),

        .target(name: "BenchmarkPeers", dependencies: ["CRabbitMQ"], path: "Tests/BenchmarkPeers"),
        tool(
            "Benchmarks", path: "Tests/Benchmarks",
            [
                "BenchmarkPeers", "CCrypt", "CLibPQ", "Contracts", "Messaging", "Postgres", "Provisioning", "Redis", "ServiceKit", hummingbird,
                httpClient,
                arguments, collections, logging, metrics, nioCore,
            ]),

        tests("Postgres", [lifecycle]),
        tests("Redis"),
        tests("Messaging", ["Contracts", httpClient]),
        tests("Contracts", exclude: ["Golden"]),
        tests("Files", [nioCore]),
        tests("Outbound", [hummingbird, logging, nioCore]),
        tests("Images", ["CTurboJPEG", "CPNG"]),
        tests("Passwords"),
        tests("ContactValues"),
        tests("ServiceKit", [hummingbird, hummingbirdTesting, httpClient, crypto, lifecycle, metrics, tracing]),
        tests("Provisioning", ["Hearthctl", "CRabbitMQ"]),
        tests("Auth", ["ClientKit", crypto, hummingbird, httpClient, jwt], exclude: ["Support/openid_provider.py"]),
        tests("Catalog", exclude: ["Homes/home_labels.tsv"]),
        tests("Documents"),
        tests("Campaigns"),
        tests("Alerts", ["ClientKit", crypto, hummingbird]),
        tests("Scraper", ["Files", "Outbound", crypto, hummingbird, hummingbirdTesting, nioCore], exclude: ["Labels", "Samples"]),
        tests("Analytics"),
        tests("Chaos", ["ClientKit"]),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "ClientKit", "Contracts", "Demo", "Messaging", "Postgres", "Provisioning", "ServiceKit", "TestKit", crypto, hummingbird, httpClient,
                logging,
                nioCore, nioPosix,
            ],
            path: "Tests/EndToEndTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)
