import Foundation
import Postgres

/// What a service holds of people. A service that implements this, and hands it to a `PersonalDataDesk`, takes part in exports and erasures.
///
/// `tables` names every table with a column that names a person; a test of each service compares it with the schema.
public protocol PersonalData: Sendable {
    /// In the order in which they are exported.
    var tables: [PersonalTable] { get }
    /// `table.column` of what looks as if it named a person, and does not.
    var notPeople: Set<String> { get }
    /// Deletes what the person leaves behind, or makes it say nothing of them, and tells the others what they have to know. The version is that of
    /// the account at its end.
    func erase(_ user: UUID, version: Int64, in tx: Transaction) async throws
    /// The person's file with the smallest id beyond `last`; nil when there is none.
    func file(of user: UUID, after last: UUID?) async throws -> PersonalFile?
}

extension PersonalData {
    public var notPeople: Set<String> { [] }
    public func file(of user: UUID, after last: UUID?) async throws -> PersonalFile? { nil }
}

/// A file that belongs to a person.
public struct PersonalFile: Sendable {
    public var id: UUID
    public var name: String
    /// Bytes.
    public var size: Int64
    /// At most so many bytes from an offset on.
    public var read: @Sendable (_ offset: Int64, _ length: Int) async throws -> Data

    public init(id: UUID, name: String, size: Int64, read: @escaping @Sendable (_ offset: Int64, _ length: Int) async throws -> Data) {
        self.id = id
        self.name = name
        self.size = size
        self.read = read
    }
}
