/// A type that one row makes.
public protocol RowDecodable: Sendable {
    init(row: Row) throws
}
