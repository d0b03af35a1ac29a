import ContactValues
import Contracts
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("What a page states of whom to turn to")
struct ContactIntakeTests {
    @Test("becomes a contact with sealed values, a score and the listing's name; seen again it stays as it is")
    func fromListings() async throws {
        try await ContactStage.with { stage in
            let listing = try await stage.see(.sample(), phone: "030 901820", email: "vermietung@example.org")
            let rows: [Contact] = try await stage.postgres.all(as: ServiceCaller(), "SELECT \(Contact.columns) FROM contacts c")
            let contact = try #require(rows.first)
            #expect(rows.count == 1 && contact.userID == nil && contact.name == "Frau Beispiel" && contact.hasPhone && contact.hasEmail)
            #expect(contact.qualityScore == Decimal(string: "0.48") && contact.category == .unverified && contact.sourceListingID == listing)
            #expect(try await stage.values(contact.id) == [.phone: "030 901820", .email: "vermietung@example.org"])
            let stored = try await stage.rows("SELECT phone_encrypted, email_encrypted, phone_e164_encrypted FROM contacts")
            let bytes: [Data] = try ["phone_encrypted", "email_encrypted", "phone_e164_encrypted"].map { try #require(stored.first)[$0] }
            #expect(bytes.allSatisfy { $0.range(of: Data("901820".utf8)) == nil && $0.range(of: Data("example".utf8)) == nil })

            try await stage.see(.sample(), phone: "030 901820", email: "vermietung@example.org", at: Date().addingTimeInterval(7200))
            let again = try await stage.contact(contact.id)
            #expect(again.version == contact.version)
            #expect(try #require(again.retainUntil) > #require(contact.retainUntil).addingTimeInterval(7000))
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 1)
        }
    }

    @Test("without a way to reach anybody is no contact")
    func nothing() async throws {
        try await ContactStage.with { stage in
            try await stage.see(.sample(), phone: nil)
            try await stage.see(.sample("2"), phone: "ruf an!")
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 0)
        }
    }

    @Test("on two listings, spelled in two ways, is one contact; a second source confirms it")
    func sameOnTwoListings() async throws {
        try await ContactStage.with { stage in
            let one = try await stage.see(.sample("1") { $0.contactName = "Frau Dr. Erika Müller" }, phone: "030/90 18 20")
            let other = try await stage.see(
                .sample("2") {
                    $0.provider = "kleinanzeigen"
                    $0.contactName = "Erika Mueller"
                }, phone: "+49 30 901820", email: "mueller@example.org")
            let rows: [Contact] = try await stage.postgres.all(as: ServiceCaller(), "SELECT \(Contact.columns) FROM contacts c")
            let contact = try #require(rows.first)
            #expect(rows.count == 1 && contact.hasEmail && contact.nameVariations == ["Erika Mueller"])
            #expect(contact.isVerified && contact.verificationMethod == .crossReference)
            let listings = try await stage.rows("SELECT listing_id FROM contact_listings ORDER BY listing_id")
            #expect(Set(try listings.map { row -> UUID in try row["listing_id"] }) == [one, other])
        }
    }

    @Test("with one number and another name is somebody else; likely ones are proposed for merging, and once")
    func proposals() async throws {
        try await ContactStage.with { stage in
            let one = try #require(try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820"])).contactID)
            let colleague = try await stage.record(stage.found([.name: "Eva Schmidt", .phone: "030 901820"]))
            #expect(colleague.outcome == .created && colleague.probability < DuplicateProbability.worthAsking)
            let partner = try await stage.record(stage.found([.name: "Frau Müller", .phone: "030 901820", .address: "Parkweg 1, 10999 Berlin"]))
            #expect(partner.outcome == .created && partner.probability >= DuplicateProbability.worthAsking)
            let merges = try await stage.rows("SELECT contact_id, duplicate_id, status FROM contact_merges")
            #expect(merges.count == 1)
            let pair: [UUID] = [try #require(merges.first)["contact_id"], try #require(merges.first)["duplicate_id"]]
            #expect(pair == [one, try #require(partner.contactID)])
        }
    }

    @Test("found fifty times at once is one contact")
    func parallel() async throws {
        try await ContactStage.with { stage in
            let found = stage.found([.name: "Hans Müller", .phone: "0171 1234567", .email: "hans@example.org"])
            let ids = try await withThrowingTaskGroup(of: UUID?.self) { group in
                for _ in 0..<50 { group.addTask { try await stage.record(found).contactID } }
                return try await group.reduce(into: Set<UUID>()) { if let id = $1 { $0.insert(id) } }
            }
            #expect(ids.count == 1)
            #expect(try await stage.service.count("SELECT count(*) FROM contacts") == 1)
        }
    }

    @Test("does not overrule what a person has verified, nor what is surer")
    func trust() async throws {
        try await ContactStage.with { stage in
            let id = try #require(
                try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820", .email: "alt@example.org"])).contactID)
            try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820", .email: "neu@example.org"], confidence: 0.4))
            #expect(try await stage.values(id)[.email] == "alt@example.org")
            try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820", .email: "neu@example.org"], confidence: 0.95))
            #expect(try await stage.values(id)[.email] == "neu@example.org")
            _ = try await stage.postgres.transaction(as: ServiceCaller()) { tx in
                try await tx.execute(
                    "UPDATE contacts SET is_verified = true, verification_method = 'manual', verification_date = now() WHERE id = \(id)")
            }
            try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820", .email: "dritt@example.org"], confidence: 1))
            #expect(try await stage.values(id)[.email] == "neu@example.org")
        }
    }

    @Test("by a job arrives as an event with sealed values, and the answer says what became of it")
    func byEvent() async throws {
        try await ContactStage.with { stage in
            let encryption = stage.service.platform.encryption
            let listing = try await stage.see(.sample("9"), phone: nil)
            let sealed = Data(try encryption.seal("hans@example.org", context: "scraper.contact.email")).base64EncodedString()
            let (result, user) = (UUID.v7(), UUID.v7())
            let event = ContactFound(
                resultID: result, jobID: .v7(), userID: user, provider: "wg_gesucht", providerListingID: "9", contactType: "agent", method: "pdf",
                sealedData: ["email": sealed, "shoe_size": sealed], fieldConfidence: ["email": 0.8], fieldMethods: ["email": "plain"],
                confidenceScore: 0.8, validationStatus: "valid", foundAt: Date())
            let told = try await stage.told(ContactRecorded.self) { tx in try await ContactConsumer(intake: stage.intake).record(event, in: tx) }
            #expect(told.count == 1 && told[0].contains(result.uuidString.lowercased()) && told[0].contains("created"))
            #expect(!told[0].contains("hans@"))
            let rows: [Contact] = try await stage.postgres.all(as: ServiceCaller(), "SELECT \(Contact.columns) FROM contacts c")
            let contact = try #require(rows.first)
            #expect(rows.count == 1 && contact.userID == user && contact.contactType == .agent && contact.extractionMethod == .pdf)
            #expect(contact.sourceListingID == listing && contact.isVerified && contact.verificationMethod == .automated)
        }
    }
}
