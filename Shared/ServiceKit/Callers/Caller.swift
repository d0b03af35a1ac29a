import Foundation
import Postgres

/// Who makes a request: from the token and the session.
public struct Caller: Sendable, Hashable, Codable, RowSecurityContext {
    public var userID: UUID
    /// The session; for an API key, the key's id.
    public var sessionID: UUID
    public var role: PlatformRole
    public var agencies: [AgencyMembership]
    /// From the session (`session:{user_id}:{session_id}`): what roles do not give, as `<agency id>:<permission>`.
    public var permissions: [String]
    public var emailVerified: Bool
    /// Whether the account has second factors, so that delicate acts ask for one.
    public var hasSecondFactor: Bool
    /// When a second factor was last shown in this session; nil when it was not.
    public var secondFactorAt: Date?
    /// When the token that says all this ends: what outlives a request, such as a live stream, ends with it. Nil for a caller without a token.
    public var tokenExpiresAt: Date?
    /// What an API key may do at most; nil for somebody who has signed in.
    public var scopes: Set<Permission>?
    /// Moderators have restricted the account.
    public var isRestricted: Bool

    public init(
        userID: UUID, sessionID: UUID, role: PlatformRole = .user, agencies: [AgencyMembership] = [], permissions: [String] = [],
        emailVerified: Bool = false, hasSecondFactor: Bool = false, secondFactorAt: Date? = nil, tokenExpiresAt: Date? = nil,
        scopes: Set<Permission>? = nil, isRestricted: Bool = false
    ) {
        self.userID = userID
        self.sessionID = sessionID
        self.role = role
        self.agencies = agencies
        self.permissions = permissions
        self.emailVerified = emailVerified
        self.hasSecondFactor = hasSecondFactor
        self.secondFactorAt = secondFactorAt
        self.tokenExpiresAt = tokenExpiresAt
        self.scopes = scopes
        self.isRestricted = isRestricted
    }

    /// The caller's role in an agency; nil when they do not belong to it.
    public func role(in agencyID: UUID) -> AgencyRole? {
        agencies.first { $0.agencyID == agencyID }?.role
    }

    public func isMember(of agencyID: UUID) -> Bool { role(in: agencyID) != nil }

    /// The agency the caller must be acting for, when there is only one.
    var onlyAgencyID: UUID? { agencies.count == 1 ? agencies[0].agencyID : nil }

    public var settings: [(name: String, value: String)] {
        let settings = [
            ("app.current_user_id", userID.uuidString.lowercased()),
            ("app.current_agency_ids", agencies.map { $0.agencyID.uuidString.lowercased() }.joined(separator: ",")),
            ("app.role", role.rawValue),
        ]
        return agencies.isEmpty ? settings : settings + [("app.agency_grants", grants)]
    }

    /// What the policies of the services ask about agencies beyond belonging to them: `<agency id>:<permission>`, with commas between; `-` for nothing.
    private var grants: String {
        let granted = agencies.flatMap { membership in
            Permission.inPolicies.filter { may($0, in: membership.agencyID) }.map { Self.extra($0.rawValue, in: membership.agencyID) }
        }
        return granted.isEmpty ? "-" : granted.joined(separator: ",")
    }
}
