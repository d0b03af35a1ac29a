import Foundation
import Messaging

/// An account elsewhere signs somebody in from now on, or no longer.
public struct OAuthConnectionChanged: Event {
    public static let name = "auth.oauth_connection.changed.v1"
    public var userID: UUID
    public var connectionID: UUID
    /// As the settings name it: google, microsoft, facebook …
    public var provider: String
    /// connected, disconnected
    public var change: String
    public var subject: UUID { userID }
    public init(userID: UUID, connectionID: UUID, provider: String, change: String) {
        self.userID = userID
        self.connectionID = connectionID
        self.provider = provider
        self.change = change
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case connectionID = "connection_id"
        case provider, change
    }
}
