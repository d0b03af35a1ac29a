import Contracts
import Foundation
import ServiceKit
import TestKit
import Testing

@testable import Auth

@Suite struct ReportTests {
    @Test func `Anybody reports anything, once while the report is open, and sees what came of it`() async throws {
        try await ModerationStage.with { stage in
            let listing = UUID.v7()
            let report = try await stage.filed(listing)
            #expect(report.status == .pending)
            let event = try await stage.auth.tap.first(ReportFiled.self)
            #expect(event.reportID == report.id && event.entityID == listing && event.severity == "high")
            let again = try await stage.report(listing)
            #expect(again.status == 409 && again.text.contains("already-reported"))
            // Somebody else may, and so may the same person about something else.
            _ = try await stage.filed(listing, as: stage.administrator)
            _ = try await stage.filed()

            let path = "/v1/moderation/reports/\(report.id)"
            let closed = try await stage.post(
                path + "/resolve", ["resolution": "We have removed it.", "resolution_notes": "Known to us."], as: stage.moderator)
            #expect(closed.status == 200, "\(closed)")
            let own = try await stage.get("/v1/users/me/reports", as: stage.person)
            let mine: Page<OwnReport> = try own.json()
            let seen = try #require(mine.items.first { $0.id == report.id })
            #expect(seen.status == .resolved && seen.resolution == "We have removed it." && !own.text.contains("Known to us."))
            _ = try await stage.filed(listing)
        }
    }

    @Test func `Oneself, nobody and a critical severity are refused, and so is the twenty-first report of a day`() async throws {
        try await ModerationStage.with { stage in
            #expect(try await stage.report(stage.person.user.id, type: "user").status == 422)
            let nobody = try await stage.report(type: "user")
            #expect(nobody.status == 422 && nobody.text.contains("reported_entity_id"))
            #expect(try await stage.report(type: "castle").status == 422)
            for _ in 0..<NewReport.mostPerDay { _ = try await stage.filed() }
            let more = try await stage.report()
            #expect(more.status == 429 && more.text.contains("report-limit"))
            #expect(try await stage.report(as: stage.moderator).status == 201)
        }
    }

    @Test func `The queue is worked from the most severe and the oldest, page by page and filtered`() async throws {
        try await ModerationStage.with { stage in
            var filed: [OwnReport] = []
            for category in ["spam", "scam", "false_information", "scam", "other"] { filed.append(try await stage.filed(category: category)) }
            func page(_ query: String) async throws -> Page<Report> {
                try await stage.get("/v1/moderation/reports?" + query, as: stage.moderator).json()
            }
            var seen: [UUID] = []
            var cursor = ""
            repeat {
                let page = try await page("limit=2" + cursor)
                seen += page.items.map(\.id)
                cursor = page.nextCursor.map { "&cursor=\($0)" } ?? ""
            } while !cursor.isEmpty
            #expect(seen == [1, 3, 2, 0, 4].map { filed[$0].id })
            #expect(try await page("category=scam&unassigned=true").items.map(\.id) == [filed[1].id, filed[3].id])
            #expect(try await page("reported_entity_id=\(filed[2].reportedEntityID)").items.map(\.id) == [filed[2].id])
            #expect(try await page("status=resolved").items.isEmpty)
            #expect(try await stage.get("/v1/moderation/reports?status=lost", as: stage.moderator).status == 422)
            #expect(try await stage.get("/v1/moderation/reports", as: stage.person).status == 403)
        }
    }

    @Test func `A report is assigned, judged, escalated and then closed by an administrator alone; each step is an event with what was before`()
        async throws
    {
        try await ModerationStage.with { stage in
            let report = try await stage.filed()
            let path = "/v1/moderation/reports/\(report.id)"
            let assigned: Report = try await stage.post(path + "/assign", [String: String](), as: stage.moderator).json()
            #expect(assigned.status == .underReview && assigned.assignedModerator == stage.moderator.user.id)
            #expect(try await stage.post(path + "/assign", ["moderator_id": stage.person.user.id.uuidString], as: stage.moderator).status == 422)
            let judged: Report = try await stage.auth.service.patch(
                path, ["severity": "critical"], headers: stage.auth.headers(stage.moderator)
            ).json()
            #expect(judged.severity == .critical)
            let stale = try await stage.auth.service.patch(
                path, ["severity": "low"],
                headers: ["Authorization": "Bearer \(stage.moderator.accessToken)", "If-Match": "\"\(assigned.version)\""])
            #expect(stale.status == 412)
            let escalated: Report = try await stage.post(path + "/escalate", ["reason": "The law"], as: stage.moderator).json()
            #expect(escalated.status == .escalated)
            #expect(try await stage.post(path + "/dismiss", ["reason": "No"], as: stage.moderator).status == 403)
            #expect(try await stage.post(path + "/dismiss", ["reason": "No"], as: stage.administrator).status == 200)
            #expect(try await stage.post(path + "/resolve", ["resolution": "Yes"], as: stage.administrator).status == 409)

            let dismissal = try await stage.auth.tap.first(ReportUpdated.self) { $0.change == "dismissed" }
            #expect(dismissal.before.status == "escalated" && dismissal.report.status == "dismissed")
            let actions: Page<ModeratorAction> = try await stage.get("/v1/moderation/actions?report_id=\(report.id)", as: stage.moderator).json()
            #expect(actions.items.map(\.actionType) == [.reportDismissed, .escalation])
            #expect(actions.items.allSatisfy { !$0.isActive })
        }
    }

    @Test func `Of fifty who close a report at once, one does`() async throws {
        try await ModerationStage.with(settings: ["RATE_LIMIT_USER": "off"]) { stage in
            let path = "/v1/moderation/reports/\(try await stage.filed().id)/resolve"
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<50 {
                    group.addTask { try await stage.post(path, ["resolution": "Done \(number)"], as: stage.moderator).status }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(statuses.filter { $0 == 200 }.count == 1)
            #expect(statuses.filter { $0 == 409 }.count == 49, "\(statuses)")
        }
    }

    @Test func `Nobody handles a report about themselves`() async throws {
        try await ModerationStage.with { stage in
            let report = try await stage.filed(stage.moderator.user.id, type: "user")
            let answer = try await stage.post("/v1/moderation/reports/\(report.id)/dismiss", ["reason": "No"], as: stage.moderator)
            #expect(answer.status == 403 && answer.text.contains("beyond-moderator"))
            #expect(try await stage.post("/v1/moderation/reports/\(report.id)/dismiss", ["reason": "No"], as: stage.administrator).status == 200)
        }
    }
}
