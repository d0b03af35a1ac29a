import Foundation
import ServiceKit
import Testing

@testable import Auth

@Suite struct ValidationRulesTests {
    private static func json(_ text: String) throws -> JSONValue { try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8)) }

    private static func broken(_ rules: String, _ value: String) throws -> [String] {
        var check = Validation()
        ValidationRules(try json(rules).object ?? [:]).apply(to: try json(value), &check, at: "/value")
        return check.errors.map { "\($0.pointer) \($0.code)" }
    }

    @Test(
        "A value beyond a rule is refused by the rule's name and place",
        arguments: [
            (#"{"minimum": 0}"#, "-1", "/value minimum"), (#"{"maximum": 1}"#, "1.5", "/value maximum"),
            (#"{"exclusiveMinimum": 0}"#, "0", "/value exclusiveMinimum"), (#"{"exclusiveMaximum": 5}"#, "5", "/value exclusiveMaximum"),
            (#"{"multipleOf": 0.5}"#, "0.7", "/value multipleOf"), (#"{"type": "integer"}"#, "1.5", "/value type"),
            (#"{"enum": ["a", "b"]}"#, #""c""#, "/value enum"), (#"{"minLength": 2}"#, #""a""#, "/value minLength"),
            (#"{"maxLength": 2}"#, #""abc""#, "/value maxLength"), (#"{"pattern": "^[a-z]+$"}"#, #""A1""#, "/value pattern"),
            (#"{"format": "email"}"#, #""nobody""#, "/value format"), (#"{"format": "rate"}"#, #""10 per minute""#, "/value format"),
            (#"{"minItems": 1}"#, "[]", "/value minItems"), (#"{"maxItems": 1}"#, "[1, 2]", "/value maxItems"),
            (#"{"uniqueItems": true}"#, "[1, 1]", "/value uniqueItems"), (#"{"items": {"maximum": 3}}"#, "[1, 4]", "/value/1 maximum"),
            (#"{"required": ["host"]}"#, "{}", "/value/host required"),
            (#"{"properties": {"port": {"maximum": 65535}}}"#, #"{"port": 70000}"#, "/value/port maximum"),
            (#"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"b": 1}"#, "/value/b additionalProperties"),
        ])
    func broken(rules: String, value: String, error: String) throws {
        #expect(try Self.broken(rules, value) == [error])
    }

    @Test(
        "A value within the rules passes, and a rule of another kind leaves it alone",
        arguments: [
            (#"{"minimum": 0, "maximum": 1}"#, "0.6"), (#"{"type": "integer", "multipleOf": 5}"#, "15"), (#"{"minLength": 3}"#, "1"),
            (#"{"minimum": 3}"#, #""text""#), (#"{"format": "rate"}"#, #""600/60s""#), (#"{"format": "rate"}"#, #""off""#),
            (#"{"format": "duration"}"#, #""15m""#), (#"{"enum": [1, "a", null]}"#, #""a""#), (#"{"pattern": "b"}"#, #""abc""#),
            (#"{"required": ["a"], "properties": {"a": {"type": "boolean"}}, "additionalProperties": false}"#, #"{"a": true}"#),
        ])
    func kept(rules: String, value: String) throws {
        #expect(try Self.broken(rules, value).isEmpty)
    }

    @Test(
        "What is no rule is told by its place",
        arguments: [
            (#"{"minimun": 1}"#, "/validation_rules/minimun"), (#"{"minimum": "1"}"#, "/validation_rules/minimum"),
            (#"{"pattern": "("}"#, "/validation_rules/pattern"), (#"{"enum": []}"#, "/validation_rules/enum"),
            (#"{"items": {"maxLength": -1}}"#, "/validation_rules/items/maxLength"), (#"{"properties": {"a": 1}}"#, "/validation_rules/properties/a"),
            (#"{"format": "phone"}"#, "/validation_rules/format"), (#"{"type": "date"}"#, "/validation_rules/type"),
        ])
    func unknown(rules: String, pointer: String) throws {
        var check = Validation()
        ValidationRules(try Self.json(rules).object ?? [:]).validate(&check, at: "/validation_rules")
        #expect(check.errors.map(\.pointer) == [pointer])
    }
}
