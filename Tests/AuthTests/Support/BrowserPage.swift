import Foundation
import Hummingbird
import Logging
import TestKit
import Testing

/// A page in a browser with a virtual authenticator that has a user who says yes.
struct BrowserPage: Sendable {
    private let browser: Chromium
    private let session: String

    /// Serves an empty page at `http://localhost:<port>`, where passkeys may be used without TLS.
    static func server(_ body: @escaping @Sendable (_ origin: String) async throws -> Void) async throws {
        let router = Router(context: BasicRequestContext.self)
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/html"], body: .init(byteBuffer: .init(string: "<!doctype html><title>Hearth</title>")))
        }
        let (ports, found) = AsyncStream<Int>.makeStream()
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in found.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "page") { _ in SwiftLogNoOpLogHandler() })
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await app.run() }
            for await port in ports {
                try await body("http://localhost:\(port)")
                break
            }
            group.cancelAll()
        }
    }

    static func open(_ url: String, in browser: Chromium) async throws -> BrowserPage {
        struct Target: Decodable {
            struct Result: Decodable { var targetId: String }
            var result: Result
        }
        struct Attached: Decodable {
            struct Result: Decodable { var sessionId: String }
            var result: Result
        }
        let target = try JSONDecoder().decode(
            Target.self, from: try await browser.call("Target.createTarget", #"{"url":"\#(url)"}"#)
        ).result.targetId
        let session = try JSONDecoder().decode(
            Attached.self, from: try await browser.call("Target.attachToTarget", #"{"targetId":"\#(target)","flatten":true}"#)
        ).result.sessionId
        let page = BrowserPage(browser: browser, session: session)
        try await eventually { try await page.run("location.origin + ' ' + document.readyState") == "\(url) complete" }
        _ = try await browser.call("WebAuthn.enable", session: session)
        _ = try await browser.call(
            "WebAuthn.addVirtualAuthenticator",
            """
            {"options":{"protocol":"ctap2","transport":"internal","hasResidentKey":true,"hasUserVerification":true,"isUserVerified":true,\
            "automaticPresenceSimulation":true}}
            """, session: session)
        return page
    }

    /// What a script gives, which is a string or a promise of one.
    func run(_ script: String) async throws -> String {
        struct Evaluated: Decodable {
            struct Value: Decodable {
                var value: String?
                var description: String?
            }
            struct Trouble: Decodable { var exception: Value? }
            struct Result: Decodable {
                var result: Value
                var exceptionDetails: Trouble?
            }
            var result: Result
        }
        let quoted = String(decoding: try JSONEncoder().encode(script), as: UTF8.self)
        let answer = try await browser.call(
            "Runtime.evaluate", #"{"expression":\#(quoted),"awaitPromise":true,"returnByValue":true,"userGesture":true}"#, session: session)
        let evaluated = try JSONDecoder().decode(Evaluated.self, from: answer).result
        if let trouble = evaluated.exceptionDetails { throw ScriptError(description: trouble.exception?.description ?? "unknown") }
        return try #require(evaluated.result.value)
    }

    /// `navigator.credentials.create` with options as JSON; the new credential as JSON.
    func create(_ options: String) async throws -> String {
        try await run(
            """
            navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(\(options))})
                .then(credential => JSON.stringify(credential.toJSON()))
            """)
    }

    /// `navigator.credentials.get` likewise.
    func get(_ options: String) async throws -> String {
        try await run(
            """
            navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(\(options))})
                .then(credential => JSON.stringify(credential.toJSON()))
            """)
    }

    struct ScriptError: Error { var description: String }
}
