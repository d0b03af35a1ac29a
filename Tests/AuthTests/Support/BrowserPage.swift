import ClientKit
import Foundation
import Hummingbird
import Logging
import TestKit
import Testing

/// A page in a browser with a virtual authenticator that has a user who says yes.
struct BrowserPage: Sendable {
    private let tab: BrowserTab

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
        let tab = try await BrowserTab.open(url + "/", in: browser)
        _ = try await browser.call("WebAuthn.enable", session: tab.session)
        _ = try await browser.call(
            "WebAuthn.addVirtualAuthenticator",
            """
            {"options":{"protocol":"ctap2","transport":"internal","hasResidentKey":true,"hasUserVerification":true,"isUserVerified":true,\
            "automaticPresenceSimulation":true}}
            """, session: tab.session)
        return BrowserPage(tab: tab)
    }

    /// What a script gives, which is a string or a promise of one.
    func run(_ script: String) async throws -> String { try await tab.run(script) }

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
}
