/// The permission model, whole: what everybody signed in may do with what is their own, what a role of the platform adds, what each role may do in its
/// agency, what asks for a verified address, what a restricted account may not do, and what an API key may be given.
///
/// Every service asks it in one way, from the token and the cached session, without a call to `auth`: `context.require(.documentsWrite)` and
/// `context.require(.documentsWrite, in: agency)`. A row of `agency_members` may give its member more than the role does, out of `inAgencies`.
/// `auth.agency_role_permissions` holds the agencies' part again for the policies of the database; a test compares the two.
extension Permission {
    /// What everybody signed in may do with what is their own.
    public static let personal: Set<Permission> = [
        .accountRead, .accountWrite, .agenciesFound, .apiKeysRead, .apiKeysWrite, .searchesRead, .searchesWrite, .documentsRead, .documentsWrite,
        .templatesRead, .emailsRead, .notificationsRead, .notificationsWrite, .scrapingRead, .eventsRead, .auditRead, .reportsWrite,
        .contactsRead, .contactsWrite, .contactsReveal,
    ]

    /// What the platform's roles may do besides, across tenants.
    public static func of(_ role: PlatformRole) -> Set<Permission> {
        switch role {
        case .user: []
        case .moderator: [.analyticsRead, .scrapingRun, .moderationManage, .configurationManage, .contactsManage]
        case .administrator: Set(allCases)
        }
    }

    /// What a role may do in its agency.
    public static func of(_ role: AgencyRole) -> Set<Permission> {
        switch role {
        case .viewer: [.agencyRead, .membersRead, .teamsRead, .documentsRead, .templatesRead, .scrapingRead]
        case .assistant: of(AgencyRole.viewer).union([.documentsWrite])
        case .agent: of(AgencyRole.assistant).union([.scrapingRun])
        case .admin: of(AgencyRole.agent).union([.agencyManage, .membersManage, .teamsManage, .agencyKeysManage, .templatesManage])
        case .owner: of(AgencyRole.admin).union([.agencyOwn])
        }
    }

    /// What can be had in an agency at all.
    public static let inAgencies = of(AgencyRole.owner)

    /// What a member may be given beyond their role. Owning is a role and no extra.
    public static let extras = inAgencies.subtracting([.agencyOwn])

    /// What the policies of services other than `auth` ask (`may_in_agency`); `auth` has the rows themselves.
    public static let inPolicies: [Permission] = [.documentsWrite, .templatesManage, .scrapingRun]

    /// What asks for a verified e-mail address: whoever sends mail in an agency's name, or makes credentials that outlive a session.
    public static let verified: Set<Permission> = [.membersManage, .apiKeysWrite]

    /// What an account that moderators have restricted may not do: nothing that others see or that reaches them. It goes on reading, keeps its own account
    /// in order and may report others.
    public static let withheldFromRestricted: Set<Permission> = [
        .agenciesFound, .apiKeysWrite, .agencyManage, .agencyOwn, .membersManage, .teamsManage, .agencyKeysManage, .documentsWrite,
        .templatesManage, .scrapingRun, .contactsReveal,
    ]

    /// The scopes an API key may have. A key never makes keys, changes an account, hands over an agency, reports anybody, nor carries a role of the
    /// platform.
    public static let scopes = personal.union(inAgencies).subtracting([
        .accountWrite, .apiKeysWrite, .agencyOwn, .agencyKeysManage, .reportsWrite,
    ])
}
