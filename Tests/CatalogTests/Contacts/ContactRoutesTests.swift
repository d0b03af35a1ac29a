import ContactValues
import Contracts
import Foundation
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

    @Test("of everybody are shown to whom the listing matches, opened for them with a trace, and to nobody else but moderators")
    func shared() async throws {
        try await ContactStage.with { stage in
            let (service, seeker, other) = (stage.service, Caller.test(), Caller.test())
            _ = try await service.save(["search_frequency": "immediate", "name": "Berlin", "preferred_cities": ["Berlin"]], as: seeker)
            let listing = try await stage.see(.sample(), phone: "030 901820")
            let found: List = try await service.get("/v1/contacts?listing_id=\(listing)", as: seeker).json()
            let contact = try #require(found.items.first)
            #expect(found.items.count == 1)
            let told = try await stage.told(ContactRevealed.self) { _ in
                let values: RevealedContact = try await service.post(
                    "/v1/contacts/\(contact.id)/reveal", ["purpose": "to ask for a viewing"], as: seeker
                ).json()
                #expect(values.phone == "030 901820")
            }
            #expect(told.allSatisfy { !$0.contains("901820") })
            #expect(try await service.patch("/v1/contacts/\(contact.id)", TestJSON.object(["notes": "x"]), as: seeker).status == 404)
            let nothing: List = try await service.get("/v1/contacts?listing_id=\(listing)", as: other).json()
            #expect(nothing.items.isEmpty)
            #expect(try await service.get("/v1/contacts/\(contact.id)", as: other).status == 404)
            let moderators: List = try await service.get("/v1/contacts?scope=shared&q=beispiel", as: .test(role: .moderator)).json()
            #expect(moderators.items.map(\.id) == [contact.id])
        }
    }

    @Test("opened once are one event in the audit trail, with who, what and what for, and without the values")
    func audited() async throws {
        try await ContactStage.with { stage in
            let caller = Caller.test()
            let contact = try await stage.write(["phone": "030 901820", "email": "hans@example.org"], as: caller)
            let store = ContactStore(postgres: stage.postgres, intake: stage.intake)
            let before = try await stage.service.count("SELECT coalesce(max(id), 0) FROM outbox")
            _ = try await store.reveal(contact.id, purpose: "to call them", as: caller)
            // The relay takes the row away once it is published; the sequence says that there was one.
            let event = ContactRevealed(contactID: contact.id, userID: caller.userID, fields: ["email", "phone"], purpose: "to call them")
            let told = try await stage.told(ContactRevealed.self) { tx in try await tx.publish(event) }
            #expect(told.count >= 1 && told.allSatisfy { !$0.contains("901820") && !$0.contains("hans@") })
            #expect(try await stage.service.count("SELECT max(id) FROM outbox") > before + 1)
        }
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
