import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

extension ApplicationStore {
    /// The context for which an address is sealed on its way to `campaigns`.
    static let addressContext = "campaigns.email.to_email"
    static let template = "housing_inquiry"
    private static let storedContext = "catalog.listings.contact_email"
    /// Where the address would stand; the mail's own is sealed.
    private static let placeholder = "sealed@hearth.invalid"

    /// Hands over the one that has waited longest, or drops it when there is no reason left to send it. False when none is due. Copies share the work by
    /// locking rows; the letter and what becomes of it are one transaction.
    ///
    /// Nobody is written to whose address or domain is on the blacklist, nor whom the sender or a moderator has shut out.
    func sendNext(encryption: Encryption, key: MatchingKey) async throws -> Bool {
        try await postgres.transaction(as: ServiceCaller(), retries: 2) { tx in
            let due: DueApplication? = try await tx.first(
                """
                SELECT a.id, a.user_id, a.listing_id, a.subject, a.body, l.title, l.provider_url, l.contact_name, seeker.full_name AS sender_name,
                    l.is_active AND NOT l.is_archived AND l.removed_at IS NULL AS is_on_offer,
                    coalesce(s.is_active AND s.auto_apply, false) AS is_wanted, coalesce(seeker.may_write, false) AS may_write,
                    EXISTS (
                        SELECT FROM home_applications b JOIN listings known ON known.id = b.listing_id
                        WHERE b.user_id = a.user_id AND b.id <> a.id AND known.home_id = l.home_id AND b.status IN ('sent', 'delivered')
                    ) AS is_known,
                    ARRAY(SELECT encode(other.contact_email_encrypted, 'base64') FROM listings other
                          WHERE other.home_id = l.home_id AND other.contact_email_encrypted IS NOT NULL AND other.is_active
                          ORDER BY other.id <> l.id, other.id LIMIT 5) AS addresses
                FROM home_applications a JOIN listings l ON l.id = a.listing_id
                LEFT JOIN search_criteria s ON s.id = a.search_id LEFT JOIN seekers seeker ON seeker.user_id = a.user_id
                WHERE a.status = 'waiting' AND a.send_at <= now() ORDER BY a.send_at LIMIT 1 FOR NO KEY UPDATE OF a SKIP LOCKED
                """)
            guard let due else { return false }
            var reason = due.reasonToDrop
            if reason == nil {
                let addresses = due.addresses(by: encryption)
                if let address = try await Self.open(addresses, to: due.userID, key: key, in: tx) {
                    try await tx.send(due.mail(to: Data(try encryption.seal(address.text, context: Self.addressContext)).base64EncodedString()))
                    try await Self.contacted(address, by: due.userID, key: key, in: tx)
                    try await tx.publish(HomeApplicationSent(applicationID: due.id, userID: due.userID, listingID: due.listingID))
                } else {
                    reason = addresses.isEmpty ? "no_contact" : "contact_shut_out"
                }
            }
            try await tx.execute(
                """
                UPDATE home_applications SET status = CASE WHEN \(reason)::text IS NULL THEN 'sent' ELSE 'dropped' END, reason = \(reason),
                    sent_at = CASE WHEN \(reason)::text IS NULL THEN now() END
                WHERE id = \(due.id)
                """)
            return true
        }
    }

    /// The first address that may be written to.
    private static func open(_ addresses: [ContactValue], to user: UUID, key: MatchingKey, in tx: Transaction) async throws -> ContactValue? {
        let prints = addresses.map { Fingerprint.all(of: $0, under: key) }
        let own = prints.compactMap(\.first?.hash)
        guard !own.isEmpty else { return nil }
        let rows = try await tx.rows(
            """
            SELECT hash FROM contact_blacklist WHERE hash = ANY (\(prints.flatMap { $0.map(\.hash) }))
            UNION SELECT f.hash FROM contact_fingerprints f JOIN contacts c ON c.id = f.contact_id
            WHERE f.hash = ANY (\(own)) AND c.is_blacklisted AND (c.user_id IS NULL OR c.user_id = \(user))
            """)
        let shut = Set(try rows.map { row -> Data in try row["hash"] })
        return zip(addresses, prints).first { !$0.1.contains { shut.contains($0.hash) } }?.0
    }

    /// Counts that they were turned to, where they are known: in everybody's contacts and in the sender's own.
    private static func contacted(_ address: ContactValue, by user: UUID, key: MatchingKey, in tx: Transaction) async throws {
        guard let print = Fingerprint.all(of: address, under: key).first else { return }
        try await tx.execute(
            """
            UPDATE contacts SET last_contacted = now(), times_contacted = times_contacted + 1 WHERE id IN (
                SELECT c.id FROM contact_fingerprints f JOIN contacts c ON c.id = f.contact_id
                WHERE f.hash = \(print.hash) AND c.is_active AND (c.user_id IS NULL OR c.user_id = \(user))
                ORDER BY c.id LIMIT 10 FOR NO KEY UPDATE OF c)
            """)
    }

    private struct DueApplication: RowDecodable {
        let id: UUID
        let userID: UUID
        let listingID: UUID
        let subject: String
        let body: String
        let title: String
        let providerURL: String?
        let contactName: String?
        let senderName: String?
        let sealedAddresses: [String]
        /// Nil when it is to be sent.
        let reasonToDrop: String?

        init(row: Row) throws {
            id = try row["id"]
            userID = try row["user_id"]
            listingID = try row["listing_id"]
            subject = try row["subject"]
            body = try row["body"]
            title = try row["title"]
            providerURL = try row["provider_url"]
            contactName = try row["contact_name"]
            senderName = try row["sender_name"]
            sealedAddresses = try row["addresses"]
            let (isOnOffer, isWanted, mayWrite, isKnown): (Bool, Bool, Bool, Bool) = (
                try row["is_on_offer"], try row["is_wanted"], try row["may_write"], try row["is_known"]
            )
            reasonToDrop =
                !isOnOffer ? "off_the_market" : !isWanted ? "search_ended" : !mayWrite ? "account" : isKnown ? "home_written_to_already" : nil
        }

        /// Those that can be opened and are addresses.
        func addresses(by encryption: Encryption) -> [ContactValue] {
            sealedAddresses.compactMap { text in
                guard let sealed = Data(base64Encoded: text, options: .ignoreUnknownCharacters),
                    let address = try? encryption.openString(Array(sealed), context: ApplicationStore.storedContext)
                else { return nil }
                return ContactValue(.email, address)
            }
        }

        func mail(to sealedAddress: String) -> SendEmail {
            var data: [String: TemplateValue] = ["letter_subject": .text(subject), "letter": .text(body), "listing_title": .text(title)]
            data["listing_url"] = providerURL.map { .text($0) }
            data["sender_name"] = senderName.map { .text($0) }
            return SendEmail(
                emailID: id, userID: userID, toEmail: ApplicationStore.placeholder, toName: contactName ?? "Vermieterin oder Vermieter",
                template: ApplicationStore.template, locale: "de-DE", data: data, type: "transactional", sealedData: ["to_email": sealedAddress],
                reference: id, repliesToUser: true)
        }
    }
}
