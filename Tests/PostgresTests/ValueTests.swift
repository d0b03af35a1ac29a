import Foundation
import TestKit
import Testing

@testable import Postgres

@Suite struct ValueTests {
    @Test func everyTypeComesBackAsItWent() async throws {
        try await TestDatabase.with { (database) async throws in
            let postgres = database.postgres
            for text in [
                "", "a", "ä€😀", "'; DROP TABLE x; --", "\\x00", "{\"a\"}", "NULL", "line\nbreak\ttab\r", "$1", "\u{FEFF}",
                String(repeating: "x", count: 100_000),
            ] {
                #expect(try await postgres.value("SELECT \(text)::text") == text)
            }
            for number in [0, 1, -1, Int.max, Int.min] { #expect(try await postgres.value("SELECT \(number)") == number) }
            for number in [0.1, -0.0, 1e308, .leastNonzeroMagnitude, .infinity] { #expect(try await postgres.value("SELECT \(number)") == number) }
            #expect(try await postgres.value("SELECT \(Int16.min)") == Int16.min)
            #expect(try await postgres.value("SELECT \(Int32.max)") == Int32.max)
            #expect(try await postgres.value("SELECT \(true)") == true)
            let amount = try #require(Decimal(string: "-12345678901234567890.12"))
            #expect(try await postgres.value("SELECT \(amount)") == amount)
            let id = UUID()
            #expect(try await postgres.value("SELECT \(id)") == id)
            #expect(try await postgres.value("SELECT \(id)::text") == id.uuidString.lowercased())
            let bytes = Data((0...255).map { UInt8($0) })
            #expect(try await postgres.value("SELECT \(bytes)") == bytes)
            let day = try #require(CalendarDay("2024-02-29"))
            #expect(try await postgres.value("SELECT \(day)") == day)
        }
    }

    @Test func aTimeKeepsItsMicroseconds() async throws {
        try await TestDatabase.with { (database) async throws in
            for text in ["2026-11-21 09:30:00.123456+00", "1969-12-31 23:59:59.999999+00", "0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00"] {
                let date: Date = try #require(try await database.postgres.value("SELECT \(text)::timestamptz"))
                #expect(try await database.postgres.value("SELECT \(date) = \(text)::timestamptz") == true)
            }
            let shifted: Date? = try await database.postgres.value("SELECT '2026-01-01T12:00:00+05:30'::timestamptz")
            #expect(shifted == Date(timeIntervalSince1970: 1_767_249_000))
            #expect(try await database.postgres.value("SELECT \(Date.distantFuture)") == Date.distantFuture)
        }
    }

    @Test func arraysComeBackWhateverTheyHold() async throws {
        try await TestDatabase.with { (database) async throws in
            let words = ["", "NULL", "a,b", "\"", "\\", "{}", " ", "ä"]
            #expect(try await database.postgres.value("SELECT \(words)::text[]") == words)
            #expect(try await database.postgres.value("SELECT \([Int]())") == [Int]())
            #expect(try await database.postgres.value("SELECT \([1, 2, 3])") == [1, 2, 3])
            #expect(try await database.postgres.value("SELECT \([[1, 2], [3, 4]])::int8[]") == [[1, 2], [3, 4]])
            let ids = [UUID(), UUID()]
            #expect(try await database.postgres.value("SELECT \(ids)") == ids)
            #expect(try await database.postgres.value("SELECT 2 = ANY(\([1, 2]))") == true)
        }
    }

    @Test func jsonIsWrittenAsOnTheWire() async throws {
        struct Thing: Codable, Equatable {
            var at: Date
            var price: Decimal
        }
        try await TestDatabase.with { (database) async throws in
            let thing = Thing(at: Date(timeIntervalSince1970: 1_700_000_000.25), price: 12)
            let rows = try await database.postgres.rows("SELECT \(JSON(thing)) AS thing, \(JSON(thing))->>'at' AS at")
            #expect(try rows[0].json("thing") == thing)
            #expect(try rows[0]["at"] == "2023-11-14T22:13:20.250Z")
        }
    }

    @Test func aNulIsRefusedBeforeItIsSent() async throws {
        try await TestDatabase.with { (database) async throws in
            let error = await #expect(throws: PostgresError.self) { _ = try await database.postgres.rows("SELECT \("a\0b")") }
            #expect(error?.kind == .invalidValue)
            #expect(error?.sqlState == .invalidText)
        }
    }

    @Test func anErrorNamesTheColumnAndShowsNoBind() async throws {
        try await TestDatabase.with { (database) async throws in
            let rows = try await database.postgres.rows("SELECT \("secret") AS word, NULL AS nothing")
            let wrongType = #expect(throws: PostgresError.self) { _ = try rows[0]["word"] as Int }
            #expect(wrongType?.column == "word")
            #expect(wrongType?.description.contains("secret") == false)
            let missing = #expect(throws: PostgresError.self) { _ = try rows[0]["other"] as String }
            #expect(missing?.column == "other")
            #expect(throws: PostgresError.self) { _ = try rows[0]["nothing"] as String }
        }
    }

    @Test func nestedFragmentsAreRenumbered() {
        let inner: SQL = "a = \(1) AND b = '$1' AND c = \("x")"
        let sql: SQL = "SELECT \(2) WHERE \(inner) ORDER BY \(identifier: "odd\"name") LIMIT \(3)"
        #expect(sql.text == "SELECT $1 WHERE a = $2 AND b = '$1' AND c = $3 ORDER BY \"odd\"\"name\" LIMIT $4")
        #expect(sql.binds.map(\.text) == ["2", "1", "x", "3"])
        #expect(SQL.joined(["\(1)", "\(2)"]).text == "$1, $2")
    }

    @Test func impossibleDaysAndTimesAreNotRead() {
        for text in ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-01", "2024-01-01x", ""] { #expect(CalendarDay(text) == nil) }
        for text in ["2024-01-01", "2024-01-01T25:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z"] {
            #expect(throws: DecodingError.self) { try JSONDecoder.hearth.decode([Date].self, from: Data("[\"\(text)\"]".utf8)) }
        }
    }

    @Test func aRowIsWrittenAsTheEncoderWouldWriteWhatItHolds() async throws {
        struct Home: Codable, Equatable {
            var id = UUID()
            var title = "\u{1}\t\"Garten\" \\ Straße/Hof\r\n😀"
            var absent: String?
            var rent: Decimal? = Decimal(string: "850.50")
            var rooms: Decimal? = 200
            var latitude = 52.500_000_1
            var tiny = 1e-20
            var floors: Int? = -3
            var isActive = true
            var seenAt = Date(timeIntervalSince1970: 1_767_249_000.25)
            var freeFrom = CalendarDay("2026-12-01")
            var images = ["a,b", "\"", "NULL", ""]
            var numbers = [Decimal(1), 2]
            var more: [String: [Int]] = ["a": [1, 2]]
        }
        try await TestDatabase.with { (database) async throws in
            let home = Home()
            let row = try #require(
                try await database.postgres.rows(
                    """
                    SELECT \(home.id) AS "id", \(home.title)::text AS "title", \(home.absent)::text AS "absent",
                      \(home.rent)::numeric(10, 4) AS "rent", \(home.rooms)::numeric(10, 2) AS "rooms", \(home.latitude) AS "latitude",
                      \(home.tiny) AS "tiny", \(home.floors)::integer AS "floors", \(home.isActive) AS "isActive", \(home.seenAt) AS "seenAt",
                      \(home.freeFrom) AS "freeFrom", \(home.images)::text[] AS "images", \(home.numbers)::numeric[] AS "numbers",
                      \(JSON(home.more)) AS "more"
                    """
                ).first)
            let json = Data(try row.jsonObject())
            #expect(try JSONDecoder.hearth.decode(Home.self, from: json) == home)
            let encoded = try JSONEncoder.hearth.encode(home)
            #expect(
                try JSONSerialization.jsonObject(with: json) as? NSDictionary == JSONSerialization.jsonObject(with: encoded) as? NSDictionary)
        }
    }

    @Test(arguments: [
        "'NaN'::numeric", "'Infinity'::float8", "'-Infinity'::float8", "'infinity'::timestamptz", "'\\x00'::bytea", "'{{1},{2}}'::integer[]",
        "'{NULL}'::text[]",
    ])
    func whatJSONCannotHoldIsRefused(_ expression: String) async throws {
        try await TestDatabase.with { (database) async throws in
            let row = try #require(try await database.postgres.rows(SQL(unsafe: "SELECT \(expression) AS value")).first)
            #expect(throws: PostgresError.self) { try row.jsonObject() }
        }
    }
}
