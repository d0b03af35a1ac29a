import ContactValues
import Foundation
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

@Suite("Two contacts that are one")
struct ContactMergeTests {
    @Test("are merged on a person's word and parted again, with everything that refers to them")
    func thereAndBack() async throws {
        try await ContactStage.with { stage in
            let (service, moderator) = (stage.service, Caller.test(role: .moderator))
            let (first, second) = (try await stage.see(.sample("1"), phone: nil), try await stage.see(.sample("2"), phone: nil))
            let kept = try #require(
                try await stage.record(stage.found([.name: "Hans Müller", .phone: "030 901820"], listing: first)).contactID)
            let duplicate = try #require(
                try await stage.record(stage.found([.name: "H. Müller", .email: "hans@example.org"], listing: second)).contactID)
            let proposed: ContactMerge = try await service.post(
                "/v1/contact-merges", ["contact_id": kept.uuidString, "duplicate_id": duplicate.uuidString], as: moderator
            ).json()
            #expect(proposed.status == .proposed && proposed.reasons["name"] != nil)
            let before = (try await stage.contact(kept), try await stage.contact(duplicate))

            let accepted = try await service.request(.POST, "/v1/contact-merges/\(proposed.id)/accept", as: moderator)
            #expect(accepted.status == 200)
            let merged = try await stage.contact(kept)
            #expect(merged.hasEmail && merged.nameVariations == ["H. Müller"])
            #expect(try await stage.values(kept) == [.phone: "030 901820", .email: "hans@example.org"])
            let gone = try await stage.contact(duplicate)
            #expect(gone.mergedInto == kept && !gone.isActive)
            #expect(try await stage.service.count("SELECT count(*) FROM contact_listings WHERE contact_id = \(kept)") == 2)
            // Whoever is seen again by what the duplicate was known by is the one that stayed.
            let again = try await stage.record(stage.found([.name: "H. Müller", .email: "hans@example.org", .website: "example.org"]))
            #expect(again.contactID == kept)

            #expect(try await service.request(.POST, "/v1/contact-merges/\(proposed.id)/accept", as: moderator).status == 409)
            #expect(try await service.request(.POST, "/v1/contact-merges/\(proposed.id)/undo", as: moderator).status == 200)
            let (one, other) = (try await stage.contact(kept), try await stage.contact(duplicate))
            #expect(!one.hasEmail && one.nameVariations == before.0.nameVariations && one.hasPhone && one.hasWebsite)
            #expect(other.mergedInto == nil && other.isActive && other.hasEmail && other.name == before.1.name)
            #expect(try await stage.service.count("SELECT count(*) FROM contact_listings WHERE contact_id = \(kept)") == 1)
            #expect(try await stage.record(stage.found([.name: "H. Müller", .email: "hans@example.org"])).contactID == duplicate)
        }
    }

    @Test("are merged by one of fifty who say so at once")
    func parallel() async throws {
        try await ContactStage.with { stage in
            let caller = Caller.test()
            let one = try await stage.write(["phone": "030 901820"], as: caller)
            let other = try await stage.write(["email": "hans@example.org"], as: caller)
            guard case .proposed(let merge) = try await stage.merges.propose(one.id, other.id, as: caller) else {
                Issue.record("not proposed")
                return
            }
            let decided = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        if case .decided = try await stage.merges.accept(merge.id, ifMatch: nil, as: caller) { return true }
                        return false
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(decided == 1)
        }
    }

    @Test("are not merged by strangers, nor across address books; what was rejected is not proposed again by a machine")
    func refusals() async throws {
        try await ContactStage.with { stage in
            let (service, caller, stranger) = (stage.service, Caller.test(), Caller.test())
            let one = try await stage.write(["name": "Hans Müller", "phone": "030 901820"], as: caller)
            let other = try await stage.write(["name": "Hans Müller", "phone": "030 901820", "email": "hans@example.org"], as: caller)
            let merges: Page<ContactMerge> = try await service.get("/v1/contact-merges?status=proposed", as: caller).json()
            let merge = try #require(merges.items.first)
            #expect(merges.items.count == 1 && Set([merge.contactID, merge.duplicateID]) == [one.id, other.id])
            for act in ["accept", "reject", "undo"] {
                #expect(try await service.request(.POST, "/v1/contact-merges/\(merge.id)/\(act)", as: stranger).status == 404)
            }
            let theirs = try await stage.write(["name": "Hans Müller"], as: stranger)
            let across = ["contact_id": one.id.uuidString, "duplicate_id": theirs.id.uuidString]
            #expect(try await service.post("/v1/contact-merges", across, as: caller).status == 404)
            #expect(try await service.post("/v1/contact-merges", across, as: .test(role: .moderator)).status == 409)
            #expect(try await service.request(.POST, "/v1/contact-merges/\(merge.id)/reject", as: caller).status == 200)
            #expect(try await service.request(.POST, "/v1/contact-merges/\(merge.id)/undo", as: caller).status == 409)
            #expect(
                try await service.request(.POST, "/v1/contact-merges/\(merge.id)/accept", as: caller, headers: ["If-Match": "\"1\""]).status == 412)
        }
    }
}
