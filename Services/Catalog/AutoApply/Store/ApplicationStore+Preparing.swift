import Foundation
import Messaging
import Postgres

extension ApplicationStore {
    /// Prepares the letters of those whose searches apply by themselves and who are told of these matches now: once per home, when it has an e-mail contact
    /// that is known, and no more than their limit in a day; of more the first.
    static func prepare(_ told: [(listing: UUID, search: UUID)], limits: ApplicationLimits, in tx: Transaction) async throws {
        guard !told.isEmpty else { return }
        // Two that count one person's letters at once come one after the other: the second counts those of the first.
        let applying = try await tx.rows(
            """
            SELECT pg_advisory_xact_lock(hashtextextended('applications:' || user_id, 0)) FROM (
                SELECT DISTINCT user_id FROM search_criteria WHERE auto_apply AND id = ANY (\(told.map(\.search))) ORDER BY user_id
            ) AS applying
            """)
        guard !applying.isEmpty else { return }
        try await tx.execute(
            """
            INSERT INTO home_applications (user_id, search_id, listing_id, home_id, subject, body, send_at)
            SELECT user_id, search_id, listing_id, home_id, subject, body, now() + make_interval(secs => \(limits.delay / .seconds(1)))
            FROM (
                SELECT *, row_number() OVER (PARTITION BY user_id ORDER BY turn) AS number FROM (
                    SELECT DISTINCT ON (s.user_id, l.home_id) s.user_id, s.id AS search_id, l.id AS listing_id, l.home_id, letter.subject,
                        letter.body, told.turn
                    FROM unnest(\(told.map(\.listing))::uuid[], \(told.map(\.search))::uuid[]) WITH ORDINALITY AS told (listing_id, search_id, turn)
                    JOIN search_criteria s ON s.id = told.search_id AND s.auto_apply
                    JOIN application_letters letter ON letter.user_id = s.user_id
                    JOIN seekers seeker ON seeker.user_id = s.user_id AND seeker.may_write
                    JOIN listings l ON l.id = told.listing_id
                    WHERE EXISTS (
                            SELECT FROM listings other WHERE other.home_id = l.home_id AND other.contact_email_encrypted IS NOT NULL AND other.is_active)
                        AND NOT EXISTS (
                            SELECT FROM home_applications a JOIN listings known ON known.id = a.listing_id
                            WHERE a.user_id = s.user_id AND known.home_id = l.home_id)
                    ORDER BY s.user_id, l.home_id, told.turn
                ) AS letters
            ) AS numbered
            WHERE number + (SELECT count(*) FROM home_applications a WHERE a.user_id = numbered.user_id AND a.created_at > now() - interval '1 day')
                <= \(limits.perDay)
            ON CONFLICT (user_id, home_id) DO NOTHING
            """)
    }
}
