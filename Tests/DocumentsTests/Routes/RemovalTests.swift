import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("Documents that moderators remove")
struct RemovalTests {
    @Test("are hidden from everybody but administrators, their bytes too, until they are restored; late news change nothing")
    func removedAndRestored() async throws {
        try await DocumentStage.with { stage in
            let owner = Caller.test()
            let administrator = Caller.test(role: .administrator)
            let document = try await stage.upload("text", "filename=flyer.txt&visibility=public", as: owner)
            let path = "/v1/documents/\(document.id)"
            func status(_ path: String, as caller: Caller?) async throws -> Int { try await stage.service.get(path, as: caller).status }
            #expect(try await status(path, as: nil) == 200)
            try await stage.service.speaking(as: .auth) { auth in
                try await auth.say(ContentRemoved(entityType: "document", entityID: document.id, actionID: .v7(), version: 3))
                try await eventually { try await status(path, as: nil) == 404 }
                #expect(try await status(path, as: owner) == 404)
                #expect(try await status(path + "/content", as: owner) == 404)
                #expect(try await status(path, as: administrator) == 200)
                let listed: Page<Document> = try await stage.service.get("/v1/documents", as: owner).json()
                #expect(listed.items.isEmpty)
                #expect(try await stage.service.patch(path, ["title": "New"], as: owner).status == 404)
                #expect(try await stage.service.delete(path, as: owner).status == 404)
                let rows = try await stage.service.platform.postgres.batch(as: owner, ["SELECT id FROM documents WHERE id = \(document.id)"])
                #expect(rows[0].isEmpty)

                try await auth.say(ContentRestored(entityType: "document", entityID: document.id, actionID: .v7(), version: 4))
                try await eventually { try await status(path, as: nil) == 200 }
                try await auth.say(ContentRemoved(entityType: "document", entityID: document.id, actionID: .v7(), version: 1))
                try await auth.say(ContentRemoved(entityType: "listing", entityID: document.id, actionID: .v7(), version: 9))
                try await eventually { try await stage.count("SELECT count(*) FROM inbox") == 4 }
                #expect(try await status(path, as: owner) == 200)
            }
        }
    }
}
