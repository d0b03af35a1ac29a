import Contracts
import Foundation
import Messaging

/// What the trail keeps of an event.
struct AuditEntry: Sendable {
    var action: String
    var category: String
    var level = "info"
    var entityType: String
    var entityID: String?
    /// What it was before, where the event tells.
    var oldValues: JSONValue?
    var newValues: JSONValue
    var changedFields: [String]?
    var serviceName: String
    var success = true
    var errorMessage: String?
    var errorCode: String?
    var riskLevel = RiskLevel.low

    /// Consequences that no person brought about one by one would only bury the trail; they are counted as events.
    private static let unaudited: Set<String> = [
        ListingRead.name, PageFailed.name, ListingMatched.name, NotificationCreated.name, ContactFound.name, ContactRecorded.name,
    ]

    /// Who may do what in an agency, credentials that outlive a session, second factors, and what becomes of an account.
    private static let delicate: Set<String> = [
        MembershipChanged.name, APIKeyCreated.name, SecondFactorChanged.name, SecondFactorFailed.name, OAuthConnectionChanged.name,
        AccountChanged.name, ContactRevealed.name, ContactResultRevealed.name,
        HomeApplicationSent.name,
    ]

    /// Nil when the event is not for the trail. `catalog.search.saved.v1` is the action `saved` on a `search` in `catalog`.
    init?(_ event: UserEvent) {
        let parts = event.eventType.split(separator: ".").map(String.init)
        guard parts.count == 4, !Self.unaudited.contains(event.eventType) else { return nil }
        serviceName = parts[0]
        entityType = parts[1]
        action = parts[2]
        category = parts[0] == ServiceName.auth.rawValue ? "security" : "data"
        entityID = event.subjectID?.uuidString.lowercased()
        newValues = event.eventData
        if let before = event.eventData["before"], before != .null { oldValues = before }
        changedFields = event.eventData["changed_fields"]?.texts
        if action == "failed" || event.eventData["status"]?.text == "failed" {
            success = false
            level = "warning"
            errorCode = event.eventData["reason"]?.text?.limited(to: 50)
            errorMessage = event.eventData["error_message"]?.text
        }
        // What has no event of its own says itself what it is, and whether it came to anything.
        if event.eventType == SecurityNoted.name, let act = event.eventData["act"]?.text {
            (entityType, action) = ("account", act)
            if event.eventData["success"] == .bool(false) { (success, level) = (false, "warning") }
        }
        if let told = event.eventData["risk_level"]?.text.flatMap(RiskLevel.init(rawValue:)) {
            riskLevel = told
            if told == .high || told == .critical { level = "warning" }
        } else if event.eventData["reason"]?.text == "refresh_token_reused" {
            level = "warning"
            riskLevel = .high
        } else if ["deleted", "revoked", "rotated"].contains(action) || Self.delicate.contains(event.eventType) {
            riskLevel = .medium
        }
    }
}
