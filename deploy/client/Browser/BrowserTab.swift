import Foundation

/// A page in a browser.
package struct BrowserTab: Sendable {
    private let browser: Chromium
    /// What the DevTools protocol knows it by.
    package let session: String

    /// Opens an address and waits until it is there.
    package static func open(_ url: String, in browser: Chromium) async throws -> BrowserTab {
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
        let tab = BrowserTab(browser: browser, session: session)
        try await Waiting.until("the page \(url)", within: .seconds(120)) {
            try await tab.run("location.href.split('?')[0] + ' ' + document.readyState") == "\(url) complete" ? () : nil
        }
        return tab
    }

    /// What a script gives, which is a string or a promise of one.
    package func run(_ script: String) async throws -> String {
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
        guard let value = evaluated.result.value else { throw ScriptError(description: "it gave no text") }
        return value
    }

    package struct ScriptError: Error { package var description: String }
}
