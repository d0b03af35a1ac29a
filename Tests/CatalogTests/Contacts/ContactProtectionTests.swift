import ContactValues
import Contracts
import Foundation
import Logging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Whoever does not want to be a contact")
struct ContactProtectionTests {
    @Test("is taken out of contacts and listings when they object, and does not come back when the page is read again")
    func objection() async throws {
        try await ContactStage.with { stage in
            let (service, moderator) = (stage.service, Caller.test(role: .moderator))
            let listing = try await stage.see(.sample(), phone: "030 901820", email: "hans@example.org")
            _ = try await stage.write(["name": "Hans", "phone": "+49 30 901820"], as: .test())
            let filed = try await service.post("/v1/contact-objections", ["phone": "030/901820", "request": "objection"])
            let unknown = try await service.post("/v1/contact-objections", ["phone": "030 901821", "request": "objection"])
            #expect(filed.status == 202 && filed.text == unknown.text)
            #expect(try await service.post("/v1/contact-objections", ["phone": "030/901820", "request": "objection"]).status == 202)
            let open: Page<ContactObjection> = try await service.get("/v1/contact-objections?status=pending", as: moderator).json()
            #expect(open.items.count == 2)
            let objection = try #require(open.items.last)
            #expect(objection.hint == "…20")
            #expect(try await service.get("/v1/contact-objections", as: .test()).status == 403)

            let accepted: ContactObjection = try await service.post(
                "/v1/contact-objections/\(objection.id)/accept", ["note": "bestätigt"], as: moderator
            ).json()
            #expect(accepted.status == .accepted && accepted.contactsErased == 2 && accepted.hint == nil)
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 0)
            #expect(try await stage.service.count("SELECT count(*) FROM listings WHERE contact_name IS NOT NULL") == 0)
            try await stage.see(.sample(), phone: "030 901820", email: "hans@example.org")
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 0)
            #expect(
                try await stage.service.count(
                    "SELECT count(*) FROM listings WHERE id = \(listing) AND num_nonnulls(contact_name, contact_phone_encrypted) > 0") == 0)
            let again = try await service.post("/v1/contacts", ["name": "Hans", "phone": "030 901820", "contact_type": "owner"], as: .test())
            #expect(again.status == 409 && again.problem == "contact-blacklisted")
        }
    }

    @Test("is erased with everything that was merged, however long the chain, by objection and by the owner")
    func chains() async throws {
        try await ContactStage.with { stage in
            let moderator = Caller.test(role: .moderator)
            func chain(_ number: String, owner: UUID?) async throws -> [UUID] {
                var ids: [UUID] = []
                for name in ["A", "B", "C", "D"] {
                    let own: [ContactField: String] =
                        name == "D" ? [.name: name, .phone: number] : [.name: name, .email: "\(name)@\(UUID()).example.org"]
                    ids.append(try #require(try await stage.record(stage.found(own, user: owner)).contactID))
                }
                let all = ids
                _ = try await stage.postgres.transaction(as: ServiceCaller()) { tx in
                    for (duplicate, kept) in zip(all.dropFirst(), all) {
                        try await tx.execute("UPDATE contacts SET merged_into = \(kept), is_active = false WHERE id = \(duplicate)")
                    }
                }
                return ids
            }
            _ = try await chain("030 901820", owner: nil)
            let store = ContactObjectionStore(postgres: stage.postgres, keys: stage.keys, seals: stage.intake.seals)
            try await store.file(try #require(ContactValue(.phone, "030 901820")), .phone, .erasure, statement: nil)
            let open = try await stage.service.get("/v1/contact-objections", as: moderator).json() as Page<ContactObjection>
            let accepted: ContactObjection = try await stage.service.post(
                "/v1/contact-objections/\(try #require(open.items.first).id)/accept", ["note": "x"], as: moderator
            ).json()
            #expect(accepted.contactsErased == 4)
            let owner = Caller.test()
            let own = try await chain("030 901821", owner: owner.userID)
            #expect(try await stage.service.delete("/v1/contacts/\(own[0])", as: owner).status == 204)
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 0)
        }
    }

    @Test("is not found in descriptions either, where a listing named them")
    func descriptions() async throws {
        try await ContactStage.with { stage in
            var listing = ReadListing.sample()
            listing.description = "Hell. Rufen Sie an: 030/90 18 20, oder schreiben Sie an Hans@Example.org. 3 Zimmer, 2500000 Mal besser."
            let said = listing
            let id = try await stage.see(said, phone: "030 901820", email: "hans@example.org")
            let moderator = Caller.test(role: .moderator)
            _ = try await stage.service.post("/v1/contact-objections", ["phone": "030/901820", "request": "objection"])
            let open: Page<ContactObjection> = try await stage.service.get("/v1/contact-objections?status=pending", as: moderator).json()
            _ = try await stage.service.post("/v1/contact-objections/\(try #require(open.items.first).id)/accept", ["note": "x"], as: moderator)
            for _ in 1...2 {
                let description = try await stage.rows("SELECT description FROM listings WHERE id = \(id)").map { try $0["description"] as String }
                #expect(description == ["Hell. Rufen Sie an: […], oder schreiben Sie an […]. 3 Zimmer, 2500000 Mal besser."])
                // Nor when the page is read again.
                try await stage.see(said, phone: "030 901820", email: "hans@example.org")
            }
        }
    }

    @Test("is no longer named by a listing that nobody has seen for half a year")
    func silent() async throws {
        try await ContactStage.with { stage in
            let old = try await stage.see(.sample(), phone: "030 901820", at: Date().addingTimeInterval(-181 * 86400))
            let blacklist = ContactBlacklistStore(postgres: stage.postgres, keys: stage.keys)
            try await ContactUpkeep(
                store: ContactUpkeepStore(postgres: stage.postgres), blacklist: blacklist, logger: Logger(label: "test")
            ).once()
            let named = try await stage.service.count(
                "SELECT count(*) FROM listings WHERE id = \(old) AND num_nonnulls(contact_name, contact_phone_encrypted, contact_email_encrypted) > 0"
            )
            #expect(named == 0)
        }
    }

    @Test("is erased once, whoever decides it at the same time")
    func parallel() async throws {
        try await ContactStage.with { stage in
            let store = ContactObjectionStore(postgres: stage.postgres, keys: stage.keys, seals: stage.intake.seals)
            try await stage.record(stage.found([.email: "hans@example.org"]))
            try await store.file(try #require(ContactValue(.email, "hans@example.org")), .email, .erasure, statement: nil)
            let moderator = Caller.test(role: .moderator)
            let open = try await stage.service.get("/v1/contact-objections", as: moderator).json() as Page<ContactObjection>
            let id = try #require(open.items.first).id
            let erased = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        if case .decided(let decided) = try await store.accept(id, note: nil, as: moderator) { return decided.contactsErased }
                        return nil
                    }
                }
                return try await group.reduce(into: [Int]()) { if let count = $1 { $0.append(count) } }
            }
            #expect(erased == [1])
            // Erased, and not shut out: seen again it is taken again.
            #expect(try await stage.record(stage.found([.email: "hans@example.org"])).outcome == .created)
        }
    }

    @Test("of a whole domain is shut out, and let in again with the entry's end")
    func domains() async throws {
        try await ContactStage.with { stage in
            let (service, moderator, owner) = (stage.service, Caller.test(role: .moderator), Caller.test())
            let contact = try await stage.write(["email": "hans@mail.example.org"], as: owner)
            let entry: BlacklistEntry = try await service.post(
                "/v1/contact-blacklist", ["kind": "domain", "value": "Example.org", "reason": "Vorkasse"], as: moderator
            ).json()
            #expect(try await stage.contact(contact.id).blacklistedReason == "Vorkasse")
            #expect(try await service.post("/v1/contacts/\(contact.id)/reveal", ["purpose": "x"], as: owner).problem == "contact-blacklisted")
            #expect(try await stage.record(stage.found([.email: "eva@example.org", .name: "Eva"])).outcome == .refused)
            let twice = try await service.post("/v1/contact-blacklist", ["kind": "domain", "value": "example.org", "reason": "x"], as: moderator)
            #expect(twice.status == 409)
            #expect(try await service.delete("/v1/contact-blacklist/\(entry.id)", as: moderator).status == 204)
            #expect(try await stage.contact(contact.id).isBlacklisted == false)
            #expect(try await stage.record(stage.found([.email: "eva@example.org", .name: "Eva"])).outcome == .created)
        }
    }

    @Test("is forgotten when nobody has seen them for long, batch by batch")
    func retention() async throws {
        try await ContactStage.with { stage in
            let old = Date().addingTimeInterval(-181 * 86400)
            try await stage.record(stage.found([.name: "Alt", .phone: "030 901820"], at: old))
            try await stage.record(stage.found([.name: "Neu", .phone: "030 901821"]))
            let mine = try await stage.write(["name": "Meins"], as: .test())
            _ = try await stage.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    """
                    INSERT INTO contacts (name, contact_type, source_provider, retain_until)
                    SELECT 'Alt ' || n, 'owner', 'x', now() - interval '1 day' FROM generate_series(1, 450) AS n
                    """)
            }
            let blacklist = ContactBlacklistStore(postgres: stage.postgres, keys: stage.keys)
            try await ContactUpkeep(
                store: ContactUpkeepStore(postgres: stage.postgres), blacklist: blacklist, logger: Logger(label: "test")
            ).once()
            let left = try await stage.rows("SELECT name FROM contacts ORDER BY name").map { row -> String in try row["name"] }
            #expect(left == ["Meins", "Neu"] && mine.retainUntil == nil)
        }
    }

    @Test("is found by the same hash after the keys have rotated, and the values are sealed anew")
    func rotation() async throws {
        try await ContactStage.with { stage in
            let id = try #require(try await stage.record(stage.found([.name: "Hans", .phone: "030 901820"])).contactID)
            let old = "test:" + Data(repeating: 7, count: 32).base64EncodedString()
            let rotated = try Encryption(keys: "new:\(Data(repeating: 9, count: 32).base64EncodedString()),\(old)")
            for column in SealedColumn.of(.catalog) {
                _ = try await KeyRotation(stage.postgres, encryption: rotated).rotate(column)
            }
            let keys = MatchingKeyStore(.catalog, postgres: stage.postgres, encryption: rotated, logger: Logger(label: "test"))
            _ = try await keys.key()
            let intake = ContactIntake(keys: keys, seals: ContactSeals(encryption: rotated))
            let found = stage.found([.name: "Hans", .phone: "+49 30 901820"])
            let again = try await stage.postgres.transaction(as: ServiceCaller()) { tx in try await intake.record(found, in: tx) }
            #expect(again.contactID == id && again.outcome == .unchanged)
            let only = try Encryption(keys: "new:\(Data(repeating: 9, count: 32).base64EncodedString())")
            let sealed: SealedContact? = try await stage.postgres.first(
                as: ServiceCaller(), "SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = \(id)")
            #expect(try ContactSeals(encryption: only).values(of: try #require(sealed))[.phone] == "030 901820")
        }
    }

    @Test("who has gone takes their address book along, and leaves no name in what they decided")
    func gone() async throws {
        try await ContactStage.with { stage in
            let user = Caller.test()
            _ = try await stage.write(["name": "Hans", "phone": "030 901820"], as: user)
            _ = try await stage.write(["name": "Hans", "phone": "030 901820", "email": "hans@example.org"], as: user)
            let desk = PersonalDataDesk(
                CatalogPersonalData(searches: SearchCriteriaStore(postgres: stage.postgres)), postgres: stage.postgres)
            let receipt = try await stage.postgres.transaction(as: ServiceCaller()) { tx in try await desk.erase(user.userID, version: 2, in: tx) }
            let contacts = try #require(receipt.first { $0.table == "contacts" })
            #expect(contacts.rows == 2 && contacts.remaining == 0)
            #expect(try await stage.service.count("SELECT count(*) FROM contact_fingerprints") == 0)
        }
    }
}
