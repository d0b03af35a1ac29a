import Foundation
import Postgres
import ServiceKit
import Testing

@testable import Auth

@Suite struct ProfileChangeTests {
    private func decode(_ json: String) throws -> ProfileChange { try JSONDecoder.hearth.decode(ProfileChange.self, from: Data(json.utf8)) }

    @Test func `What is absent stays, null clears, a value sets`() throws {
        let change = try decode(#"{"bio": null, "location": "Bonn", "locale": "en-GB"}"#)
        let sql = SQL.joined(change.assignments)
        #expect(sql.text == "bio = NULL, location = $1, locale = $2")
        #expect(sql.binds.map(\.text) == ["Bonn", "en-GB"])
    }

    @Test func `Nothing to change makes no assignment`() throws {
        #expect(try decode("{}").assignments.isEmpty)
    }

    @Test(
        "A bad field is told by its pointer",
        arguments: [
            (#"{"username": "Ä"}"#, "/username"), (#"{"phone": "call me"}"#, "/phone"), (#"{"locale": "German"}"#, "/locale"),
            (#"{"timezone": "Middle/Earth"}"#, "/timezone"), (#"{"avatar_url": "javascript:alert(1)"}"#, "/avatar_url"),
            (#"{"date_of_birth": "2999-01-01"}"#, "/date_of_birth"), (#"{"first_name": "  "}"#, "/first_name"),
        ])
    func rules(json: String, pointer: String) throws {
        var check = Validation()
        try decode(json).validate(&check)
        #expect(check.errors.map(\.pointer) == [pointer])
    }
}
