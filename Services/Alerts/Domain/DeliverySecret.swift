import Foundation
import ServiceKit

/// What a delivery says or where it goes, and no table may show: sealed in `notification_queue.content_sealed`, and gone with the last word about it.
struct DeliverySecret: Codable, Sendable {
    static let sealingContext = "alerts.notification_queue.content"

    /// A code that verifies a channel.
    var code: String?
    /// Where a lead is reached, an address or a number.
    var to: String?
    var name: String?

    func sealed(by encryption: Encryption) throws -> Data {
        Data(try encryption.seal(Array(JSONEncoder.hearth.encode(self)), context: Self.sealingContext))
    }

    static func open(_ sealed: Data, by encryption: Encryption) throws -> DeliverySecret {
        try JSONDecoder.hearth.decode(DeliverySecret.self, from: Data(encryption.open(Array(sealed), context: sealingContext)))
    }
}
