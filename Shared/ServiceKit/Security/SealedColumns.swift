import Contracts

extension SealedColumn {
    /// Every sealed column of every service, in one list: keys rotate by it. A test compares it with the migrations: a column whose name says that it is
    /// sealed or encrypted and that is missing here fails.
    public static let all: [SealedColumn] = [
        SealedColumn(.auth, "signing_keys", "private_key_sealed", key: ["kid"], .bytes(context: SigningKeyStore.context)),
        SealedColumn(.auth, "mfa_factors", "secret_encrypted", .bytes(context: "auth.mfa_factors.secret")),
        SealedColumn(.auth, "oauth_connections", "access_token_encrypted", .bytes(context: "auth.oauth_connections.access_token")),
        SealedColumn(.auth, "oauth_connections", "refresh_token_encrypted", .bytes(context: "auth.oauth_connections.refresh_token")),
        SealedColumn(
            .auth, "oauth_attempts", "code_verifier_encrypted", key: ["state_hash"], .bytes(context: "auth.oauth_attempts.code_verifier")),
        SealedColumn(.auth, "system_configuration", "value", .wrapped(context: SettingSnapshot.sealingContext)),
        SealedColumn(.alerts, "sms_queue", "sealed_to", .bytes(context: "alerts.sms.to")),
        SealedColumn(.alerts, "sms_queue", "sealed_data", .members(contextPrefix: "alerts.sms.")),
        SealedColumn(.alerts, "notification_channels", "address_sealed", .bytes(context: "alerts.notification_channels.address")),
        SealedColumn(.alerts, "notification_queue", "content_sealed", .bytes(context: "alerts.notification_queue.content")),
        SealedColumn(.catalog, "listings", "contact_phone_encrypted", .bytes(context: "catalog.listings.contact_phone")),
        SealedColumn(.catalog, "listings", "contact_email_encrypted", .bytes(context: "catalog.listings.contact_email")),
        SealedColumn(.catalog, "contacts", "phone_encrypted", .bytes(context: "catalog.contacts.phone")),
        SealedColumn(.catalog, "contacts", "phone_e164_encrypted", .bytes(context: "catalog.contacts.phone_e164")),
        SealedColumn(.catalog, "contacts", "email_encrypted", .bytes(context: "catalog.contacts.email")),
        SealedColumn(.catalog, "contacts", "address_encrypted", .bytes(context: "catalog.contacts.address")),
        SealedColumn(.catalog, "contacts", "website_encrypted", .bytes(context: "catalog.contacts.website")),
        SealedColumn(.catalog, "contact_objections", "value_sealed", .bytes(context: "catalog.contact_objections.value")),
        SealedColumn(.catalog, "matching_keys", "key_sealed", .bytes(context: MatchingKeyStore.context(.catalog))),
        SealedColumn(.scraper, "contact_discovery_results", "extracted_fields", .members(contextPrefix: ContactFound.sealingPrefix)),
        SealedColumn(.scraper, "contact_discovery_results", "raw_data", .members(contextPrefix: "scraper.contact_raw.")),
        SealedColumn(.campaigns, "email_queue", "sealed_data", .members(contextPrefix: "campaigns.email.")),
        SealedColumn(.campaigns, "email_queue", "unsubscribe_token", .base64URL(context: "campaigns.unsubscribe")),
        SealedColumn(nil, "idempotency_keys", "body", key: ["scope", "key"], .bytesOfRow { Idempotency.context(scope: $0[0], key: $0[1]) }),
    ]

    public static func of(_ service: ServiceName) -> [SealedColumn] { all.filter { $0.service == nil || $0.service == service } }
}
