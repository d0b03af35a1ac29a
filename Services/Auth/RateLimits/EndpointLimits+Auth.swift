import ServiceKit

extension EndpointLimits {
    /// What invites guessing, or sends mail to people who did not ask for it.
    func addAuth() {
        let hour = Duration.seconds(3600)
        add(
            "sign_in", ["POST /v1/auth/login"], caller: RateLimit("sign_in", quota: 60, per: .seconds(60)),
            account: RateLimit("sign_in_account", quota: 30, per: .seconds(300)))
        add(
            "registration", ["POST /v1/auth/register"], caller: RateLimit("registration", quota: 60, per: hour),
            account: RateLimit("registration_account", quota: 5, per: hour))
        add(
            "password", ["POST /v1/auth/password/forgot", "POST /v1/auth/password/reset", "POST /v1/auth/password/reset/page"],
            caller: RateLimit("password", quota: 60, per: hour), account: RateLimit("password_account", quota: 5, per: hour))
        add(
            "verification",
            ["POST /v1/auth/verify-email", "POST /v1/auth/verify-email/page", "POST /v1/auth/verify-email/resend"],
            caller: RateLimit("verification", quota: 60, per: hour), account: RateLimit("verification_account", quota: 5, per: hour))
        // What takes the password once more: each try is a hash, whoever asks.
        add(
            "credentials", ["POST /v1/auth/password/change", "DELETE /v1/users/me", "POST /v1/users/me/deactivate"],
            caller: RateLimit("credentials", quota: 20, per: hour))
        add(
            "email_change", ["POST /v1/users/me/email"], caller: RateLimit("email_change", quota: 20, per: hour),
            account: RateLimit("email_change_account", quota: 5, per: hour))
        // Each challenge has tries of its own; this is for whoever begins one after the other.
        add(
            "second_factor",
            [
                "POST /v1/auth/login/second-factor", "POST /v1/auth/login/second-factor/code", "POST /v1/auth/login/second-factor/passkey",
                "POST /v1/auth/step-up", "POST /v1/auth/step-up/second-factor", "POST /v1/auth/step-up/second-factor/code",
                "POST /v1/auth/step-up/second-factor/passkey",
            ],
            caller: RateLimit("second_factor", quota: 60, per: .seconds(60)))
        add(
            "passkeys", ["POST /v1/auth/passkeys/options", "POST /v1/auth/passkeys/login"],
            caller: RateLimit("passkeys", quota: 60, per: .seconds(60)))
        add(
            "oauth", ["POST /v1/auth/oauth/providers/{provider}/authorize", "POST /v1/auth/oauth/callback"],
            caller: RateLimit("oauth", quota: 60, per: .seconds(60)))
        add(
            "enrolment",
            [
                "POST /v1/users/me/second-factors", "POST /v1/users/me/second-factors/{id}/confirm", "POST /v1/users/me/second-factors/{id}/code",
                "POST /v1/users/me/passkeys/options", "POST /v1/users/me/passkeys", "POST /v1/users/me/oauth-providers/{provider}/authorize",
                "POST /v1/users/me/oauth-connections", "POST /v1/users/me/backup-codes",
            ],
            caller: RateLimit("enrolment", quota: 60, per: hour))
        add("exports", ["POST /v1/users/me/exports"], caller: RateLimit("exports", quota: 20, per: hour))
        add(
            "invitations", ["POST /v1/agencies/{id}/invitations", "POST /v1/agencies/{id}/invitations/{invitation_id}/resend"],
            caller: RateLimit("invitations", quota: 200, per: hour), account: RateLimit("invitations_account", quota: 10, per: hour))
    }
}
