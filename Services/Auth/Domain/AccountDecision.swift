import ServiceKit

/// What an administrator changes of somebody else's account.
struct AccountDecision: Decodable, Sendable, Validated {
    /// What an administrator may make of an account: its owner alone deactivates it, and deleting is not a status that one sets.
    enum Status: String, WireEnumeration { case active, suspended }

    var status: Status?
    var role: PlatformRole?
    /// For the trail.
    var reason: String?

    func validate(_ check: inout Validation) {
        check(status != nil || role != nil, "", "required", "must change the status or the role")
        check.text(reason, "/reason", maximum: 500, multiline: true)
    }
}
