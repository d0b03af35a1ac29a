import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

/// Where people want to be told.
struct ChannelStore: Sendable {
    let postgres: Postgres
    let encryption: Encryption
    let deliveries: DeliveryStore

    /// All of the caller's channels. A person has few.
    func list(as caller: Caller) async throws -> [Channel] {
        try await postgres.all(
            as: caller,
            """
            SELECT \(Channel.columns) FROM notification_channels WHERE user_id = \(caller.userID) ORDER BY id LIMIT \(Channel.mostOfOnePerson)
            """)
    }

    func find(_ id: UUID, as caller: Caller) async throws -> Channel? {
        try await postgres.first(
            as: caller,
            """
            SELECT \(Channel.columns) FROM notification_channels WHERE id = \(id) AND user_id = \(caller.userID)
            """)
    }

    /// Adds a channel, which tells nothing before a code that goes there has come back. Throws `ChannelRefusal`.
    func add(_ new: NewChannel, as caller: Caller) async throws -> Channel {
        let sealed = try new.address.sealed(by: encryption)
        let context = "alerts.notification_channels.\(new.address.type.rawValue)"
        let fingerprint = sealed == nil ? nil : try encryption.fingerprint(new.address.identity, context: context)
        // As the service: the code's delivery is not the caller's to write. Every statement names the caller.
        return try await postgres.transaction(as: ServiceCaller()) { tx in
            // The recipient's lock makes those who add at once wait for each other: so many channels are so many.
            let known: Int? = try await tx.value(
                "SELECT 1 FROM recipients WHERE user_id = \(caller.userID) AND status <> 'deleted' FOR NO KEY UPDATE")
            guard known != nil else { throw ChannelRefusal.unknownPerson }
            let others = try await tx.rows(
                """
                SELECT destination, address_sealed FROM notification_channels
                WHERE user_id = \(caller.userID) ORDER BY id LIMIT \(Channel.mostOfOnePerson)
                """)
            guard others.count < Channel.mostOfOnePerson else { throw ChannelRefusal.tooMany }
            let channel: Channel? = try await tx.first(
                """
                INSERT INTO notification_channels (id, user_id, channel_type, channel_name, destination, address_sealed, address_fingerprint, is_primary,
                    enabled_notification_types, frequency, rate_limit_per_hour, rate_limit_per_day, metadata)
                VALUES (\(UUID.v7()), \(caller.userID), \(new.address.type), \(new.name), \(new.address.shown.limited(to: 255)), \(sealed), \(fingerprint),
                    \(others.isEmpty), \(new.types.map(\.rawValue)), \(new.frequency), \(new.limits.perHour)::integer, \(new.limits.perDay)::integer,
                    \(JSON(new.metadata)))
                ON CONFLICT DO NOTHING RETURNING \(Channel.columns)
                """)
            guard let channel else { throw ChannelRefusal.known }
            guard let asked = try await sendCode(to: channel.id, of: caller.userID, in: tx) else { throw ChannelRefusal.known }
            return asked
        }
    }

    /// Sends another code to a channel that is not verified; the one before is worth nothing any more. Nil when it is not the caller's. Throws
    /// `ChannelRefusal`.
    func sendCode(to id: UUID, as caller: Caller) async throws -> Channel? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            if let channel = try await sendCode(to: id, of: caller.userID, in: tx) { return channel }
            let channel: Channel? = try await tx.first(
                "SELECT \(Channel.columns) FROM notification_channels WHERE id = \(id) AND user_id = \(caller.userID)")
            guard let channel else { return nil }
            throw channel.isVerified ? ChannelRefusal.verified : ChannelRefusal.tooManyCodes
        }
    }

    private func sendCode(to id: UUID, of user: UUID, in tx: Transaction) async throws -> Channel? {
        let code = VerificationCode()
        let lifetime = VerificationCode.lifetime / .seconds(1)
        let channel: Channel? = try await tx.first(
            """
            UPDATE notification_channels SET verification_code_hash = \(try code.hash(for: id, by: encryption)),
                verification_expires = now() + make_interval(secs => \(lifetime)), verification_attempts = 0, code_sent_at = now(),
                codes_sent = codes_sent + 1
            WHERE id = \(id) AND user_id = \(user) AND NOT is_verified AND codes_sent < \(VerificationCode.mostCodes)
                AND (code_sent_at IS NULL OR code_sent_at < now() - make_interval(secs => \(VerificationCode.pause / .seconds(1))))
            RETURNING \(Channel.columns)
            """)
        guard let channel else { return nil }
        let secret = try DeliverySecret(code: code.digits).sealed(by: encryption)
        let delivery = UUID.v7()
        try await tx.execute(
            """
            INSERT INTO notification_queue (id, user_id, channel_id, channel, notification_type, priority, content, content_sealed, expires_at, delivery_key)
            SELECT \(delivery), user_id, \(id), \(channel.channelType), \(DueDelivery.verification), 'high', \(JSON(DeliveryContent())), \(secret),
                \(channel.verificationExpires), \("code:\(delivery.uuidString.lowercased())")
            FROM recipients WHERE user_id = \(user)
            """)
        tx.signal(DeliveryStore.signal)
        return channel
    }

    /// One try at the code, decided by one statement: however many come at once, so many count and one of them verifies. Nil when the channel is not the
    /// caller's. Throws `ChannelRefusal`.
    func verify(_ id: UUID, _ code: String, as caller: Caller) async throws -> Channel? {
        let hash = try VerificationCode(digits: code).hash(for: id, by: encryption)
        let result: VerificationResult = try await postgres.transaction(as: caller) { tx in
            let tried: Channel? = try await tx.first(
                """
                UPDATE notification_channels SET verification_attempts = verification_attempts + 1, is_verified = verification_code_hash = \(hash),
                    verified_at = CASE WHEN verification_code_hash = \(hash) THEN now() END,
                    verification_expires = CASE WHEN verification_code_hash <> \(hash) THEN verification_expires END,
                    verification_code_hash = CASE WHEN verification_code_hash <> \(hash) THEN verification_code_hash END
                WHERE id = \(id) AND user_id = \(caller.userID) AND NOT is_verified AND verification_code_hash IS NOT NULL
                    AND verification_expires > now() AND verification_attempts < \(VerificationCode.mostAttempts)
                RETURNING \(Channel.columns)
                """)
            if let tried {
                guard tried.isVerified else { return .wrong }
                try await note(.verified, tried, in: tx)
                return .verified(tried)
            }
            let channel: Channel? = try await tx.first(
                "SELECT \(Channel.columns) FROM notification_channels WHERE id = \(id) AND user_id = \(caller.userID)")
            return channel.map { $0.isVerified ? .already : .spent } ?? .unknown
        }
        switch result {
        case .verified(let channel): return channel
        case .unknown: return nil
        case .already: throw ChannelRefusal.verified
        case .wrong: throw ChannelRefusal.wrongCode
        case .spent: throw ChannelRefusal.noCode
        }
    }

    private enum VerificationResult {
        case verified(Channel), wrong, spent, already, unknown
    }

    /// Applies a change to the version the caller knows; nil when it is not the caller's. A channel that becomes primary takes that from the other, and the open
    /// digest of one that tells at other times goes out by these.
    func update(
        _ id: UUID, ifMatch version: Int64?, as caller: Caller, _ change: @Sendable (inout Channel) throws -> Void
    ) async throws -> Channel? {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            guard let known = try await lockAll(of: caller, in: tx).first(where: { $0.id == id }) else { return nil }
            try known.expect(version)
            var channel = known
            try change(&channel)
            if known.isPrimary, !channel.isPrimary { throw ChannelRefusal.primary }
            if channel.isPrimary {
                try await tx.execute(
                    """
                    UPDATE notification_channels SET is_primary = false WHERE user_id = \(caller.userID) AND is_primary AND id <> \(id)
                    """)
            }
            let updated: Channel? = try await tx.first(
                """
                UPDATE notification_channels SET channel_name = \(channel.channelName), is_active = \(channel.isActive),
                    is_primary = \(channel.isPrimary), enabled_notification_types = \(channel.enabledNotificationTypes.map(\.rawValue)),
                    frequency = \(channel.frequency), rate_limit_per_hour = \(channel.rateLimitPerHour)::integer,
                    rate_limit_per_day = \(channel.rateLimitPerDay)::integer, metadata = \(JSON(channel.metadata)),
                    disabled_reason = CASE WHEN \(channel.isActive) THEN NULL ELSE disabled_reason END
                WHERE id = \(id) AND user_id = \(caller.userID) RETURNING \(Channel.columns)
                """)
            if channel.frequency != known.frequency { try await DeliveryStore.reschedule(of: caller.userID, in: tx) }
            return updated
        }
    }

    /// Removes a channel; what waits for it goes to the others, and the oldest verified one becomes primary where it was. False when it is not the caller's.
    func remove(_ id: UUID, as caller: Caller, now: Date = Date()) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller()) { tx in
            let channels = try await lockAll(of: caller, in: tx)
            guard let channel = channels.first(where: { $0.id == id }) else { return false }
            try await deliveries.leave(id, now: now, in: tx)
            try await tx.execute("DELETE FROM notification_channels WHERE id = \(id) AND user_id = \(caller.userID)")
            if channel.isPrimary {
                try await tx.execute(
                    """
                    UPDATE notification_channels SET is_primary = true WHERE id = (SELECT id FROM notification_channels
                        WHERE user_id = \(caller.userID) ORDER BY is_verified AND is_active DESC, id LIMIT 1)
                    """)
            }
            try await note(.removed, channel, in: tx)
            return true
        }
    }

    /// All of them behind their person, in one order: two channels that want to be the primary one at once must not wait for each other, and nothing is planned
    /// for them meanwhile.
    private func lockAll(of caller: Caller, in tx: Transaction) async throws -> [Channel] {
        _ = try await RecipientStore().lock(caller.userID, in: tx)
        return try await tx.all(
            "SELECT \(Channel.columns) FROM notification_channels WHERE user_id = \(caller.userID) ORDER BY id FOR NO KEY UPDATE")
    }

    private func note(_ act: ChannelChanged.Act, _ channel: Channel, in tx: Transaction) async throws {
        try await tx.publish(
            ChannelChanged(channelID: channel.id, userID: channel.userID, channelType: channel.channelType.rawValue, act: act))
    }
}
