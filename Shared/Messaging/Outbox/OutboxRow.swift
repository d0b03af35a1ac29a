import Foundation
import Postgres

/// A message that waits in the outbox.
struct OutboxRow: RowDecodable {
    var id: Int64
    var lane: Int
    var messageID: UUID
    var subject: UUID
    var type: String
    var body: String

    init(row: Row) throws {
        id = try row["id"]
        lane = try row["lane"]
        messageID = try row["message_id"]
        subject = try row["subject"]
        type = try row["type"]
        body = try row["body"]
    }

    var message: OutgoingMessage {
        OutgoingMessage(
            exchange: Topology.events, routingKey: type, body: Array(body.utf8), messageID: messageID.uuidString.lowercased(),
            headers: [MessageHeader.subject: subject.uuidString.lowercased()], mandatory: OutboxLane.commands.contains(lane))
    }
}
