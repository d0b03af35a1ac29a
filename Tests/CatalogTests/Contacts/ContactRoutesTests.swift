import ContactValues
import Contracts
import Foundation
import NIOHTTP1
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Contacts")
struct ContactRoutesTests {
    struct List: Decodable {
        var items: [Contact]
        var next_cursor: String?
    }

    @Test("are written down, read, changed and deleted by their owner; values come out by /reveal alone")
    func lifecycle() async throws {
        try await ContactStage.with { stage in
            let (service, caller) = (stage.service, Caller.test())
            let answer = try await service.post(
                "/v1/contacts",
                TestJSON.object([
                    "name": "Frau Beispiel", "phone": "0171 1234567", "email": "Vermietung@Example.org", "contact_type": "landlord",
                    "tags": ["Altbau"],
                ]), as: caller)
            #expect(answer.status == 201)
            #expect(!answer.text.contains("1234567") && !answer.text.lowercased().contains("vermietung@"))
            let contact: Contact = try answer.json()
            #expect(contact.retainUntil == nil && contact.sourceProvider == "manual" && contact.extractionMethod == .manual)
            let path = "/v1/contacts/\(contact.id)"

            let values: RevealedContact = try await service.post(path + "/reveal", ["purpose": "to call them"], as: caller).json()
            #expect(values.phone == "0171 1234567" && values.phoneE164 == "+491711234567" && values.email == "vermietung@example.org")
            #expect(try await service.post(path + "/reveal", [String: String](), as: caller).status == 422)

            let changed = try await service.patch(
                path, TestJSON.object(["phone": nil, "website": "example.org", "notes": "abends"]), as: caller, headers: ["If-Match": "\"1\""])
            let now: Contact = try changed.json()
            #expect(changed.status == 200 && !now.hasPhone && now.hasEmail && now.hasWebsite && now.notes == "abends" && now.version == 2)
            #expect(try await service.patch(path, TestJSON.object(["notes": "x"]), as: caller, headers: ["If-Match": "\"1\""]).status == 412)
            #expect(
                try await service.patch(path, TestJSON.object(["name": nil, "email": nil, "website": nil]), as: caller).status == 422)

            let verified: Contact = try await service.post(path + "/verify", ["notes": "am Telefon"], as: caller).json()
            #expect(verified.isVerified && verified.verificationMethod == .manual && verified.category == .standard)
            for _ in 0..<3 { _ = try await service.request(.POST, path + "/contacted", as: caller) }
            let contacted: Contact = try await service.get(path, as: caller).json()
            #expect(contacted.contactFrequency == .regular && contacted.lastContacted != nil)

            #expect(try await service.delete(path, as: caller).status == 204)
            #expect(try await service.get(path, as: caller).status == 404)
        }
    }

    @Test("have the quality that the seeds' rule gives, kept by the database", arguments: 1...5)
    func quality(fields: Int) async throws {
        try await ContactStage.with { stage in
            let all: [(String, TestJSON)] = [
                ("name", "Hans"), ("phone", "030 901820"), ("email", "hans@example.org"), ("address", "Parkweg 1, 10999 Berlin"),
                ("website", "example.org"),
            ]
            let contact = try await stage.write(Dictionary(uniqueKeysWithValues: all.prefix(fields)), as: .test())
            // 0.1 for each, and the share of five times 0.3.
            #expect(contact.qualityScore == Decimal(fields * 16) / 100)
        }
    }

    @Test("of another person are not to be seen, opened, changed or deleted")
    func strangers() async throws {
        try await ContactStage.with { stage in
            let service = stage.service
            let contact = try await stage.write(["phone": "030 901820"], as: .test())
            let (path, stranger) = ("/v1/contacts/\(contact.id)", Caller.test())
            #expect(try await service.get(path, as: stranger).status == 404)
            #expect(try await service.post(path + "/reveal", ["purpose": "curious"], as: stranger).status == 404)
            #expect(try await service.patch(path, TestJSON.object(["notes": "x"]), as: stranger).status == 404)
            #expect(try await service.delete(path, as: stranger).status == 404)
            #expect(try await service.post(path + "/verify", [String: String](), as: stranger).status == 404)
            #expect(try await service.request(.POST, path + "/contacted", as: stranger).status == 404)
            let list: List = try await service.get("/v1/contacts", as: stranger).json()
            #expect(list.items.isEmpty)
            #expect(try await service.get("/v1/contacts?scope=shared", as: stranger).status == 403)
            let seen = try await stage.postgres.transaction(as: stranger) { tx in
                try await tx.batch([
                    "SELECT count(*) AS n FROM contacts", "SELECT count(*) AS n FROM contact_fingerprints", "SELECT count(*) AS n FROM matching_keys",
                    "SELECT count(*) AS n FROM contact_objections",
                ]).map { try $0[0]["n"] as Int }
            }
            #expect(seen == [0, 0, 0, 0])
            await #expect(throws: (any Error).self) {
                try await stage.postgres.transaction(as: stranger) { tx in
                    try await tx.execute("INSERT INTO contacts (name, contact_type, source_provider) VALUES ('Planted', 'owner', 'manual')")
                }
            }
        }
    }

    @Test("of everybody are shown to whom the listing matches, opened for them and for moderators with a trace, and for nobody else")
    func shared() async throws {
        try await ContactStage.with { stage in
            let (service, seeker, other, moderator) = (stage.service, Caller.test(), Caller.test(), Caller.test(role: .moderator))
            try await stage.keepEvents()
            for (city, person) in [("Berlin", seeker), ("Bonn", other)] {
                _ = try await service.save(
                    ["search_frequency": "immediate", "name": .text(city), "preferred_cities": .list([.text(city)])], as: person)
            }
            let listing = try await stage.see(.sample(), phone: "030 901820", email: "hans@example.org")
            // Shown is that there are values, and none of them.
            let shown = try await service.get("/v1/contacts?listing_id=\(listing)", as: seeker)
            let found: List = try shown.json()
            let contact = try #require(found.items.first)
            #expect(found.items.count == 1 && contact.userID == nil && contact.hasPhone && contact.hasEmail && !contact.hasAddress)
            let path = "/v1/contacts/\(contact.id)"
            for text in [shown.text, try await service.get(path, as: seeker).text] { Self.expectSealed(text) }
            #expect(try await stage.kept(ContactRevealed.self).isEmpty)

            for (reader, purpose) in [(seeker, "to ask for a viewing"), (moderator, "a report")] {
                let opened = try await service.post(path + "/reveal", ["purpose": purpose], as: reader)
                #expect(opened.status == 200 && opened.headers.first(name: "Cache-Control") == "no-store")
                let values: RevealedContact = try opened.json()
                #expect(values.id == contact.id && values.name == "Frau Beispiel")
                #expect(values.phone == "030 901820" && values.phoneE164 == "+4930901820" && values.email == "hans@example.org")
                #expect(values.address == nil && values.website == nil)
            }
            let told = try await stage.kept(ContactRevealed.self)
            #expect(told.map(\.data.userID) == [seeker.userID, moderator.userID])
            #expect(told.map(\.data.purpose) == ["to ask for a viewing", "a report"])

            #expect(try await service.patch(path, TestJSON.object(["notes": "x"]), as: seeker).status == 404)
            let nothing: List = try await service.get("/v1/contacts?listing_id=\(listing)", as: other).json()
            #expect(nothing.items.isEmpty)
            #expect(try await service.get(path, as: other).status == 404)
            let refused = try await service.post(path + "/reveal", ["purpose": "curious"], as: other)
            #expect(refused.status == 404)
            Self.expectSealed(refused.text)
            let moderators = try await service.get("/v1/contacts?scope=shared&q=beispiel", as: moderator)
            #expect(try (moderators.json() as List).items.map(\.id) == [contact.id])
            Self.expectSealed(moderators.text)
            #expect(try await stage.kept(ContactRevealed.self).count == 2)
        }
    }

    @Test("opened are one event for each reading, with who, what and what for, without the values; a refused reading is none")
    func audited() async throws {
        try await ContactStage.with { stage in
            let (service, owner) = (stage.service, Caller.test())
            try await stage.keepEvents()
            let contact = try await stage.write(["name": "Hans", "phone": "030 901820", "email": "hans@example.org"], as: owner)
            let path = "/v1/contacts/\(contact.id)"
            func reveal(_ body: [String: String], as caller: Caller?, headers: HTTPHeaders = [:]) async throws -> Int {
                let answer = try await service.post(path + "/reveal", body, as: caller, headers: headers)
                if answer.status != 200 { Self.expectSealed(answer.text) }
                return answer.status
            }
            let key = service.identity.apiKey(for: owner, scopes: [.contactsRead, .contactsWrite])
            #expect(try await reveal(["purpose": "curious"], as: nil) == 401)
            #expect(try await reveal(["purpose": "curious"], as: nil, headers: ["X-API-Key": key]) == 403)
            #expect(try await reveal(["purpose": "curious"], as: .test()) == 404)
            #expect(try await reveal([:], as: owner) == 422)
            #expect(try await reveal(["purpose": " "], as: owner) == 422)
            #expect(try await stage.kept(ContactRevealed.self).isEmpty)

            let purposes = ["to call them", "to write to them"]
            for purpose in purposes { #expect(try await reveal(["purpose": purpose], as: owner) == 200) }
            let told = try await stage.kept(ContactRevealed.self)
            #expect(told.map(\.data.purpose) == purposes)
            for event in told {
                #expect(event.data.contactID == contact.id && event.data.userID == owner.userID && event.actorID == owner.userID)
                #expect(event.data.fields == ["email", "phone"])
                Self.expectSealed(event.body)
            }

            // What the owner has taken away is not read, nor what they have shut out.
            #expect(try await service.patch(path, TestJSON.object(["email": nil]), as: owner).status == 200)
            #expect(try await reveal(["purpose": "again"], as: owner) == 200)
            #expect(try await stage.kept(ContactRevealed.self).last?.data.fields == ["phone"])
            #expect(try await service.patch(path, TestJSON.object(["blacklisted_reason": "Vorkasse"]), as: owner).status == 200)
            #expect(try await reveal(["purpose": "again"], as: owner) == 409)
            #expect(try await service.delete(path, as: owner).status == 204)
            #expect(try await reveal(["purpose": "again"], as: owner) == 404)
            #expect(try await stage.kept(ContactRevealed.self).count == 3)
        }
    }

    /// Holds none of the values that contacts here have.
    private static func expectSealed(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!text.contains("901820") && !text.contains("90 18 20") && !text.contains("hans@"), sourceLocation: sourceLocation)
    }

    @Test("that make no sense are told field by field")
    func invalid() async throws {
        try await ContactStage.with { stage in
            let cases: [([String: TestJSON], String)] = [
                (["name": "A"], "/contact_type"), (["contact_type": "landlord"], "/name"), (["contact_type": "landlord", "phone": "12"], "/phone"),
                (["contact_type": "landlord", "email": "mia@localhost"], "/email"),
                (["contact_type": "landlord", "email": "mia@homes.nosuchsuffix"], "/email"),
                (["contact_type": "landlord", "website": "ftp://example.org"], "/website"),
                (["contact_type": "friend", "name": "A"], "/contact_type"),
                (["contact_type": "landlord", "name": "A", "tags": [""]], "/tags/0"),
                (["contact_type": "landlord", "name": "A", "listing_id": "0198f000-0000-7000-8000-000000000001"], "/listing_id"),
            ]
            for (body, pointer) in cases {
                let answer = try await stage.service.post("/v1/contacts", TestJSON.object(body), as: .test())
                #expect(answer.status == 422 && answer.text.contains("\"\(pointer)\""), "\(body): \(answer.text)")
            }
        }
    }
}
