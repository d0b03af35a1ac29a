import Contracts
import Foundation
import Messaging
import TestKit
import Testing

@Suite struct BroadcastsTests {
    @Test func everyCopyHears() async throws {
        try await Stage.with { stage in
            try await stage.vhost.connected(.analytics, logger: quiet) { other in
                let heard = Noted<[String]>([])
                let copies = [("first", stage.broker, "catalog"), ("second", stage.broker, "catalog"), ("third", other, "analytics")].map {
                    name, broker, service in
                    let broadcasts = Broadcasts(broker, service: service, logger: quiet)
                    broadcasts.on(Counted.self) { event, _ in heard.change { $0.append("\(name) \(event.step)") } }
                    return broadcasts
                }
                try await running(copies + [stage.relay()]) {
                    let counter = UUID()
                    try await stage.count([Counted(id: counter, step: 1), Counted(id: counter, step: 2)])
                    try await eventually { heard.value.count == 6 }
                    for name in ["first", "second", "third"] {
                        #expect(heard.value.filter { $0.hasPrefix(name) } == ["\(name) 1", "\(name) 2"])
                    }
                }
            }
        }
    }
}
