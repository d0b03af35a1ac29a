import Foundation
import Messaging

/// Asked by `auth` for somebody who wants to have all that Hearth holds of them: one bounded page at a time, from the first cursor (nil) to the last.
public struct ExportPersonalData<Owner: ServiceOwner>: Request {
    public static var name: String { "\(Owner.service.rawValue).personal_data.export.v1" }
    public static var senders: [String] { ["auth"] }
    public var userID: UUID
    /// `next_cursor` of the page before.
    public var cursor: String?
    public init(userID: UUID, cursor: String?) {
        self.userID = userID
        self.cursor = cursor
    }
    enum CodingKeys: String, CodingKey {
        case userID = "user_id"
        case cursor
    }
    public typealias Response = PersonalDataPage
}

/// A part of what a service holds of a person.
public struct PersonalDataPage: Codable, Sendable, Hashable {
    /// A piece of one JSON document; the pieces of all pages, one after the other, are the document.
    public var json: String
    public var rows: Int
    /// A piece of a file that belongs to the person.
    public var file: PersonalFileChunk?
    /// Nil on the last page.
    public var nextCursor: String?
    public init(json: String = "", rows: Int = 0, file: PersonalFileChunk? = nil, nextCursor: String?) {
        self.json = json
        self.rows = rows
        self.file = file
        self.nextCursor = nextCursor
    }
    enum CodingKeys: String, CodingKey {
        case json, rows, file
        case nextCursor = "next_cursor"
    }
}

/// A piece of a file. The pieces of one come in order, the first at offset 0.
public struct PersonalFileChunk: Codable, Sendable, Hashable {
    public var id: UUID
    public var name: String
    /// Bytes of the whole file.
    public var size: Int64
    public var offset: Int64
    /// In base64.
    public var bytes: Data
    public init(id: UUID, name: String, size: Int64, offset: Int64, bytes: Data) {
        self.id = id
        self.name = name
        self.size = size
        self.offset = offset
        self.bytes = bytes
    }
}
