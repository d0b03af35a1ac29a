import Passwords
import ServiceKit

extension SignInStore {
    /// The caller's account, when they give its password once more. Wrong ones count as at a sign-in: a stolen token is no licence to guess.
    func proven(_ caller: Caller, password: String, at pointer: String, _ hasher: PasswordHasher) async throws -> Credentials {
        guard let account = try await credentials(of: caller.userID) else { throw APIError.sessionEnded }
        let verification = try await hasher.verified(password, against: account.passwordHash)
        guard !account.isLocked else { throw APIError.wrongPassword(at: pointer) }
        guard verification.matches else {
            try await noteFailure(of: caller.userID, act: "password_refused")
            throw APIError.wrongPassword(at: pointer)
        }
        return account
    }
}
