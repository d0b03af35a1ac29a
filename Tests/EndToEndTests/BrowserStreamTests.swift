import ClientKit
import Foundation
import Testing

@testable import Demo

extension EndToEnd {
    /// A browser's own EventSource, through the gateway.
    @Suite(.enabled(if: Chromium.isThere, "chromium is not installed; `packages.sh test` installs it"))
    struct BrowserStreamTests {
        @Test func `an EventSource opens the stream with a ticket that is good once, hears what comes, and resumes after what it has seen`()
            async throws
        {
            let flow = try RunningSystem.flow()
            let seeker = try await flow.arrive(as: "seeker", firstName: "Mira")
            @Sendable func remind(_ title: String) async throws {
                _ = try await seeker.client.post("/v1/notifications", ["title": .text(title), "message": "m"], expecting: 201)
            }
            @Sendable func ticket() async throws -> String {
                try #require(try await seeker.client.post("/v1/notifications/stream-tickets", [:], expecting: 201)["ticket"].string)
            }
            try await Chromium.with { browser in
                let tab = try await BrowserTab.open(try RunningSystem.settings().gatewayURL + "/docs", in: browser)
                let first = try await ticket()
                #expect(try await tab.run(opening("/v1/notifications/stream?last_event_id=0&ticket=\(first)")) == "open")
                try await remind("One")
                try await remind("Two")
                #expect(try await tab.run(Self.heard(2)) == "1 One, 2 Two")

                // The ticket is spent: whoever has it besides gets nothing, and the browser's own coming back with it is refused.
                #expect(try await tab.run(opening("/v1/notifications/stream?ticket=\(first)")) == "refused")
                try await remind("Three")
                #expect(try await tab.run(opening("/v1/notifications/stream?last_event_id=2&ticket=\(try await ticket())")) == "open")
                #expect(try await tab.run(Self.heard(1)) == "3 Three")
            }
        }

        private func opening(_ path: String) -> String {
            """
            new Promise(resolve => {
                if (window.source) window.source.close();
                window.heard = [];
                window.source = new EventSource("\(path)");
                source.addEventListener("notification", event => heard.push(event.lastEventId + " " + JSON.parse(event.data).title));
                source.onopen = () => resolve("open");
                source.onerror = () => resolve(source.readyState === EventSource.CLOSED ? "refused" : "broken");
            })
            """
        }

        private static func heard(_ count: Int) -> String {
            """
            new Promise(resolve => {
                const look = () => heard.length >= \(count) ? resolve(heard.join(", ")) : setTimeout(look, 100);
                look();
            })
            """
        }
    }
}
