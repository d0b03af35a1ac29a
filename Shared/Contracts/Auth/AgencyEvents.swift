import Foundation
import Messaging

/// Somebody founded an agency, as its owner.
public struct AgencyFounded: Event {
    public static let name = "auth.agency.founded.v1"
    public var agency: AgencySnapshot
    public var subject: UUID { agency.id }
    public var aggregateVersion: Int64? { agency.version }
    public init(agency: AgencySnapshot) { self.agency = agency }
}

/// An agency's particulars, branding, settings or subscription changed.
public struct AgencyUpdated: Event {
    public static let name = "auth.agency.updated.v1"
    public var agency: AgencySnapshot
    /// What it was before.
    public var before: AgencySnapshot?
    /// The columns that changed.
    public var changedFields: [String]
    public var subject: UUID { agency.id }
    public var aggregateVersion: Int64? { agency.version }
    public init(agency: AgencySnapshot, before: AgencySnapshot?, changedFields: [String]) {
        self.agency = agency
        self.before = before
        self.changedFields = changedFields
    }
    enum CodingKeys: String, CodingKey {
        case agency, before
        case changedFields = "changed_fields"
    }
}

/// What other services keep of an agency as their own small copy.
public struct AgencySnapshot: Codable, Sendable, Hashable {
    public var id: UUID
    /// brokerage, rescue
    public var kind: String
    public var name: String
    /// basic, professional, enterprise
    public var subscriptionTier: String
    /// active, past_due, canceled, suspended
    public var subscriptionStatus: String
    public var subscriptionExpiresAt: Date?
    public var version: Int64
    public init(
        id: UUID, kind: String, name: String, subscriptionTier: String, subscriptionStatus: String, subscriptionExpiresAt: Date?, version: Int64
    ) {
        self.id = id
        self.kind = kind
        self.name = name
        self.subscriptionTier = subscriptionTier
        self.subscriptionStatus = subscriptionStatus
        self.subscriptionExpiresAt = subscriptionExpiresAt
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case id, kind, name, version
        case subscriptionTier = "subscription_tier"
        case subscriptionStatus = "subscription_status"
        case subscriptionExpiresAt = "subscription_expires_at"
    }
}

/// Somebody joined or left an agency, or may do other things in it than before. Every copy of every service asks anew what they may do.
public struct MembershipChanged: Event {
    public static let name = "auth.membership.changed.v1"
    public var agencyID: UUID
    public var userID: UUID
    /// joined, changed, left, removed
    public var change: String
    /// What they are now; nil when they do not belong to it any more.
    public var membership: MembershipState?
    /// What they were before; nil when they did not belong to it.
    public var before: MembershipState?
    public var subject: UUID { userID }
    public init(agencyID: UUID, userID: UUID, change: String, membership: MembershipState?, before: MembershipState?) {
        self.agencyID = agencyID
        self.userID = userID
        self.change = change
        self.membership = membership
        self.before = before
    }
    enum CodingKeys: String, CodingKey {
        case agencyID = "agency_id"
        case userID = "user_id"
        case change, membership, before
    }
}

/// What a member is and may do.
public struct MembershipState: Codable, Sendable, Hashable {
    public var role: String
    public var permissions: [String]
    /// active, inactive, pending
    public var status: String
    public init(role: String, permissions: [String], status: String) {
        self.role = role
        self.permissions = permissions
        self.status = status
    }
}

/// An agency asked somebody to join it, or asked again. Whom, only the mail says.
public struct InvitationSent: Event {
    public static let name = "auth.invitation.sent.v1"
    public var invitationID: UUID
    public var agencyID: UUID
    public var role: String
    public var permissions: [String]
    public var subject: UUID { invitationID }
    public init(invitationID: UUID, agencyID: UUID, role: String, permissions: [String]) {
        self.invitationID = invitationID
        self.agencyID = agencyID
        self.role = role
        self.permissions = permissions
    }
    enum CodingKeys: String, CodingKey {
        case invitationID = "invitation_id"
        case agencyID = "agency_id"
        case role, permissions
    }
}

/// An invitation is open no longer.
public struct InvitationAnswered: Event {
    public static let name = "auth.invitation.answered.v1"
    public var invitationID: UUID
    public var agencyID: UUID
    /// accepted, declined, revoked
    public var answer: String
    /// Who joined; nil unless it was accepted.
    public var userID: UUID?
    public var subject: UUID { invitationID }
    public init(invitationID: UUID, agencyID: UUID, answer: String, userID: UUID?) {
        self.invitationID = invitationID
        self.agencyID = agencyID
        self.answer = answer
        self.userID = userID
    }
    enum CodingKeys: String, CodingKey {
        case invitationID = "invitation_id"
        case agencyID = "agency_id"
        case answer
        case userID = "user_id"
    }
}

/// A team was made, changed or dissolved, or somebody joined or left it.
public struct TeamChanged: Event {
    public static let name = "auth.team.changed.v1"
    public var teamID: UUID
    public var agencyID: UUID
    /// created, updated, deleted, member_added, member_changed, member_removed
    public var change: String
    /// Whom it is about, for the changes of members.
    public var userID: UUID?
    public var leadUserID: UUID?
    public var subject: UUID { teamID }
    public init(teamID: UUID, agencyID: UUID, change: String, userID: UUID?, leadUserID: UUID?) {
        self.teamID = teamID
        self.agencyID = agencyID
        self.change = change
        self.userID = userID
        self.leadUserID = leadUserID
    }
    enum CodingKeys: String, CodingKey {
        case teamID = "team_id"
        case agencyID = "agency_id"
        case change
        case userID = "user_id"
        case leadUserID = "lead_user_id"
    }
}

/// An agency is gone: its owner has deleted it, or its only member has gone. Every service deletes what it holds of it.
public struct AgencyDeleted: Event {
    public static let name = "auth.agency.deleted.v1"
    public var agencyID: UUID
    public var version: Int64
    public var subject: UUID { agencyID }
    public var aggregateVersion: Int64? { version }
    public init(agencyID: UUID, version: Int64) {
        self.agencyID = agencyID
        self.version = version
    }
    enum CodingKeys: String, CodingKey {
        case agencyID = "agency_id"
        case version
    }
}
