import Passwords
import ServiceKit

extension SignInStore {
    /// The caller's account, when they prove anew that it is theirs: by its password, or, where it has none, by a second factor (which the route has asked for:
    /// `requireSecondFactor`) or a sign-in of a short while ago. Wrong passwords count as at a sign-in: a stolen token is no licence to guess.
    func proven(_ caller: Caller, password: String?, at pointer: String, _ hasher: PasswordHasher) async throws -> Credentials {
        guard let account = try await credentials(of: caller.userID) else { throw APIError.sessionEnded }
        guard account.passwordHash != nil else {
            if caller.hasSecondFactor { return account }
            guard try await isFresh(caller) else { throw APIError.signInAgain }
            return account
        }
        guard let password else { throw APIError.invalid([FieldError(pointer, "required", "is required")]) }
        guard !account.isLocked else { throw APIError.wrongPassword(at: pointer) }
        let verification = try await hasher.verified(password, against: account.passwordHash)
        guard verification.matches else {
            try await noteFailure(of: caller.userID, act: "password_refused")
            throw APIError.wrongPassword(at: pointer)
        }
        return account
    }
}
