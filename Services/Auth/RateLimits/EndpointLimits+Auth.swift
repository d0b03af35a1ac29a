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
        add(
            "email_change", ["POST /v1/users/me/email"], caller: RateLimit("email_change", quota: 20, per: hour))
        add(
            "invitations", ["POST /v1/agencies/{id}/invitations", "POST /v1/agencies/{id}/invitations/{invitation_id}/resend"],
            caller: RateLimit("invitations", quota: 200, per: hour))
    }
}
