import Foundation
import Testing

@testable import ServiceKit

struct SettingsTests {
    @Test func aMissingSettingIsNamed() throws {
        let settings = try Settings([:])
        let error = #expect(throws: SettingError.self) { try settings.string("DATABASE_URL") }
        #expect(error?.name == "DATABASE_URL")
        #expect(error?.description.contains("DATABASE_URL_FILE") == true)
    }

    @Test func aFileHoldsTheValueWithoutItsLineBreak() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data("postgres://secret\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let settings = try Settings(["DATABASE_URL_FILE": file.path])
        #expect(try settings.secret("DATABASE_URL") == "postgres://secret")
    }

    @Test func theVariableWinsOverItsFile() throws {
        let settings = try Settings(["NAME": "here", "NAME_FILE": "/nowhere"])
        #expect(try settings.string("NAME") == "here")
    }

    @Test func aFileThatCannotBeReadIsNamed() throws {
        let settings = try Settings(["NAME_FILE": "/nowhere/at/all"])
        let error = #expect(throws: SettingError.self) { try settings.secret("NAME") }
        #expect(error?.name == "NAME_FILE")
    }

    @Test func anEmptyValueCountsAsAbsent() throws {
        let settings = try Settings(["NAME": ""])
        #expect(settings.string("NAME", default: "other") == "other")
        #expect(throws: SettingError.self) { try settings.string("NAME") }
    }

    @Test func numbersFlagsAndListsAreRead() throws {
        let settings = try Settings(["N": "42", "D": "0.5", "B": "Yes", "L": " a, b ,,c "])
        #expect(try settings.int("N", default: 1) == 42)
        #expect(try settings.double("D", default: 1) == 0.5)
        #expect(try settings.bool("B", default: false))
        #expect(settings.list("L", default: []) == ["a", "b", "c"])
        #expect(settings.list("M", default: ["x"]) == ["x"])
    }

    @Test(arguments: ["4x", "", "1.5"].filter { !$0.isEmpty })
    func nonsenseIsRefusedAndNotReplacedByTheDefault(_ text: String) throws {
        #expect(throws: SettingError.self) { try Settings(["N": text]).int("N", default: 1) }
        #expect(throws: SettingError.self) { try Settings(["N": "maybe"]).bool("N", default: true) }
    }

    @Test(arguments: [
        ("500ms", Duration.milliseconds(500)), ("5s", .seconds(5)), ("10m", .seconds(600)), ("1h", .seconds(3600)), ("1d", .seconds(86400)),
    ])
    func durationsHaveUnits(_ text: String, _ expected: Duration) throws {
        #expect(try Settings(["T": text]).duration("T", default: .zero) == expected)
    }

    @Test(arguments: ["5", "s", "-1s", "5 s", "1w", "99999999999999999d"])
    func otherDurationsAreRefused(_ text: String) throws {
        #expect(throws: SettingError.self) { try Settings(["T": text]).duration("T", default: .zero) }
    }

    @Test(arguments: [
        ("https://hearth.example", "https://hearth.example"), ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://example.org/hearth/", "https://example.org/hearth"),
    ])
    func thePublicURLHasNoSlashAtItsEnd(_ text: String, _ expected: String) throws {
        #expect(try Settings(["PUBLIC_URL": text]).publicURL() == expected)
    }

    @Test(arguments: ["", "hearth.example", "ftp://hearth.example", "https://", "https://hearth.example?x=1", "https://me@hearth.example"])
    func whatLinksCannotBeginWithIsNoPublicURL(_ text: String) throws {
        #expect(throws: SettingError.self) { try Settings(["PUBLIC_URL": text]).publicURL() }
    }
}
