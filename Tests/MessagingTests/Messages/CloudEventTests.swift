import Foundation
import Postgres
import Testing

@testable import Messaging

@Suite struct CloudEventTests {
    @Test func anEventSurvivesTheWire() async throws {
        let counted = Counted(id: UUID(), step: 4)
        let origin = Origin(
            actorID: UUID(), agencyID: UUID(), sessionID: UUID(), requestID: "\"\\\u{7}", clientIP: "::1", userAgent: "Grüße 🐶\u{2028}")
        let json = try await origin.run { try CloudEvent(counted, subject: counted.subject, aggregateVersion: 4).json(source: "catalog") }
        _ = try JSONSerialization.jsonObject(with: Data(json.utf8))
        let delivery = try Delivery(json: Array(json.utf8), attempt: 1)
        #expect(delivery.type == Counted.name && delivery.source == "/hearth/catalog")
        #expect(delivery.subject == counted.id && delivery.aggregateVersion == 4)
        #expect(delivery.origin == origin)
        #expect(try delivery.decode(Counted.self).step == 4)
    }

    @Test(arguments: ["", "[]", "{", "{\"a\"}", "{\"a\":}", "{\"a\":[}", "{\"a\":1,}", "{\"a\":1}x", "{\"a\":\"", "{\"a\":\"\\\"}"])
    func brokenJSONIsUnprocessable(_ json: String) {
        #expect(throws: Unprocessable.self) { _ = try Delivery(json: Array(json.utf8), attempt: 1) }
        #expect(throws: Unprocessable.self) { _ = try JSONMembers(Array(json.utf8)) }
    }

    @Test func membersKeepEveryDigit() throws {
        let members = try JSONMembers(Array(#" { "a\u0062" : 1.10000000000000000000001 , "c" : {"d":["}",{}]} , "e":null } "#.utf8))
        #expect(members.text("ab") == "1.10000000000000000000001")
        #expect(members.text("c") == #"{"d":["}",{}]}"#)
        #expect(members.string("e") == nil)
    }

    @Test func theDayIsUTCs() throws {
        let delivery = Delivery(id: UUID(), source: "", type: "", subject: nil, time: try Date("2026-11-21T23:59:59Z", strategy: .iso8601), data: [])
        #expect(delivery.day == CalendarDay(year: 2026, month: 11, day: 21))
    }

    @Test func idsFromNamesAreTheSameEverywhere() {
        #expect(UUID(namespace: "listing", "immoscout/1") == UUID(namespace: "listing", "immoscout/1"))
        #expect(UUID(namespace: "listing", "immoscout/1") != UUID(namespace: "listing", "immoscout/2"))
        #expect(UUID(namespace: "a", "bc") != UUID(namespace: "ab", "c"))
    }

    @Test func aURLIsDecoded() throws {
        let url = try BrokerURL("amqps://us%40er:p%2Fw@host/a%2Fb")
        #expect(url.user == "us@er" && url.password == "p/w" && url.vhost == "a/b" && url.port == 5671 && url.isSecure)
        #expect(try BrokerURL("amqp://host").vhost == "/")
        #expect(throws: BrokerError.invalidURL) { try BrokerURL("amqp://host/a/b") }
    }
}
