/// How many a person has not read: exact up to 1,000.
struct UnreadCount: Codable, Sendable {
    var unread: Int
    var byType: [String: Int]

    enum CodingKeys: String, CodingKey {
        case unread
        case byType = "by_type"
    }
}
