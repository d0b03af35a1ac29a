import Foundation
import Messaging

/// A saved search was created or changed.
public struct SearchSaved: Event {
    public static let name = "catalog.search.saved.v1"
    public var searchID: UUID
    public var userID: UUID
    public var searchName: String
    public var isActive: Bool
    public var version: Int64
    public var subject: UUID { searchID }
    public var aggregateVersion: Int64? { version }
    public init(searchID: UUID, userID: UUID, searchName: String, isActive: Bool, version: Int64) {
        self.searchID = searchID
        self.userID = userID
        self.searchName = searchName
        self.isActive = isActive
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case searchID = "search_id"
        case userID = "user_id"
        case searchName = "search_name"
        case isActive = "is_active"
        case version
    }
}

/// A saved search is gone.
public struct SearchDeleted: Event {
    public static let name = "catalog.search.deleted.v1"
    public var searchID: UUID
    public var userID: UUID
    public var version: Int64
    public var subject: UUID { searchID }
    public var aggregateVersion: Int64? { version }
    public init(searchID: UUID, userID: UUID, version: Int64) {
        self.searchID = searchID
        self.userID = userID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case searchID = "search_id"
        case userID = "user_id"
        case version
    }
}
