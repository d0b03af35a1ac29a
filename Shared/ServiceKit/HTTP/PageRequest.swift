import Hummingbird

/// `?limit=&cursor=`: limit 1…100 (50 by default); a cursor that was not made here is a 422.
///
/// A cursor is only a place in an order, never a right: whoever forges one sees what the query would have shown them anyway.
public struct PageRequest<Key: Codable & Sendable>: Sendable {
    public var limit: Int
    /// The key of the last item seen, nil for the first page.
    public var after: Key?

    public init(_ request: Request, default standard: Int = 50, maximum: Int = 100) throws {
        limit = try request.query("limit", as: Int.self) ?? standard
        var check = Validation()
        check.range(limit, "query/limit", 1...maximum)
        try check.finish()
        guard let cursor = try request.query("cursor", as: String.self) else { return }
        guard let key = Cursor.decode(cursor, as: Key.self) else {
            throw APIError.invalid([FieldError("query/cursor", "format", "is not a cursor of this list")])
        }
        after = key
    }
}
