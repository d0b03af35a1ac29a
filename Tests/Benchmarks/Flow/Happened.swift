import Foundation
import Messaging

/// What the flow carries: about as large as the events of the services.
struct Happened: Event {
    static let name = "analytics.bench.happened.v1"
    var subject: UUID
    var text = String(repeating: "Altbau, Balkon, 3 Zimmer. ", count: 12)
}
