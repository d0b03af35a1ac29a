import Contracts

extension AccountState {
    init(_ user: User, failedLoginAttempts: Int? = nil) {
        self.init(status: user.status.rawValue, role: user.role.rawValue, failedLoginAttempts: failedLoginAttempts)
    }

    /// With the address, where that is what changed.
    init(addressOf user: User) { self.init(status: user.status.rawValue, role: user.role.rawValue, email: user.email) }
}
