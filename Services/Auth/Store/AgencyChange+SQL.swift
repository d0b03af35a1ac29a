import Postgres

extension AgencyChange {
    /// Everything that is to change.
    var assignments: [Assignment] {
        [
            name.map { Assignment("name", $0) },
            Assignment("license_number", licenseNumber) { $0 },
            Assignment("address", address) { JSON($0) },
            Assignment("phone", phone) { $0 },
            Assignment("email", email) { $0.text },
            Assignment("website", website) { $0 },
            Assignment("logo_url", logoURL) { $0 },
            branding.map { Assignment("branding_config", JSON($0)) },
            settings.map { Assignment("settings", JSON($0)) },
        ].compactMap(\.self)
    }
}

extension SubscriptionChange {
    var assignments: [Assignment] {
        [
            tier.map { Assignment("subscription_tier", $0) },
            status.map { Assignment("subscription_status", $0) },
            Assignment("subscription_expires_at", expiresAt) { $0 },
        ].compactMap(\.self)
    }
}
