import Foundation
import Messaging

/// Somebody wants to have all that Hearth holds of them. For the trail: `auth` asks each service by itself.
public struct DataExportRequested: Event {
    public static let name = "auth.export.requested.v1"
    public var exportID: UUID
    public var userID: UUID
    public var subject: UUID { exportID }
    public init(exportID: UUID, userID: UUID) {
        self.exportID = exportID
        self.userID = userID
    }
    enum CodingKeys: String, CodingKey {
        case exportID = "export_id"
        case userID = "user_id"
    }
}
