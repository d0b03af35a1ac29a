import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("Documents of an agency that is deleted")
struct AgencyDeletionTests {
    @Test("go with it, whoever uploaded them; those of others and of nobody's agency stay")
    func deleted() async throws {
        try await DocumentStage.with { stage in
            let (agency, other) = (UUID.v7(), UUID.v7())
            let owner = Caller.test(agencies: [
                AgencyMembership(agencyID: agency, role: .owner), AgencyMembership(agencyID: other, role: .owner),
            ])
            let gone = try await stage.upload("theirs", "filename=a.txt&visibility=agency&agency_id=\(agency)", as: owner)
            let kept = try await stage.upload("others", "filename=b.txt&visibility=agency&agency_id=\(other)", as: owner)
            let own = try await stage.upload("own", "filename=c.txt", as: owner)
            try await stage.service.speaking(as: .auth) { auth in
                try await auth.say(AgencyDeleted(agencyID: agency, version: 2))
                try await eventually { try await stage.service.get("/v1/documents/\(gone.id)", as: owner).status == 404 }
                for document in [kept, own] { #expect(try await stage.service.get("/v1/documents/\(document.id)", as: owner).status == 200) }
                #expect(try await stage.count("SELECT count(*) FROM documents") == 2)
            }
        }
    }
}
