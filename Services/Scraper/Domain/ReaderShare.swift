import Postgres

/// On how many of a reader's pages a field was found, lately and before.
struct ReaderShare: Sendable, RowDecodable {
    /// Pages that count as lately, and those before them that count as the past.
    static let recentPages = 30
    static let pastPages = 500
    /// Fewer pages than this have no share worth comparing.
    static let leastPast = 50

    var provider: String
    var field: String
    var recentPages: Int
    var recentFound: Int
    var pastPages: Int
    var pastFound: Int

    init(row: Row) throws {
        provider = try row["provider"]
        field = try row["field"]
        recentPages = try row["recent_pages"]
        recentFound = try row["recent_found"]
        pastPages = try row["past_pages"]
        pastFound = try row["past_found"]
    }

    var recent: Double { recentPages == 0 ? 0 : Double(recentFound) / Double(recentPages) }
    var past: Double { pastPages == 0 ? 0 : Double(pastFound) / Double(pastPages) }

    private var isComparable: Bool { recentPages == Self.recentPages && pastPages >= Self.leastPast }

    /// A field of a third of the pages or more is found on fewer than half as many of the last ones: with 30 pages chance alone does that less than once in
    /// a thousand times.
    var hasFallen: Bool { isComparable && past >= 1.0 / 3 && recent < past / 2 }

    /// Found nearly as often as ever: somewhere between the two nothing changes, so that an alarm does not flutter.
    var hasRecovered: Bool { isComparable && recent >= past * 0.8 }
}
