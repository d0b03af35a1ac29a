import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit
import TestKit
import Testing

@testable import Catalog

/// What tests of contacts stand on.
struct ContactStage: Sendable {
    let service: TestService
    let keys: MatchingKeyStore
    let intake: ContactIntake

    init(_ service: TestService) async throws {
        self.service = service
        let platform = service.platform
        keys = MatchingKeyStore(.catalog, postgres: platform.postgres, encryption: platform.encryption, logger: platform.logger)
        intake = ContactIntake(keys: keys, seals: ContactSeals(encryption: platform.encryption))
        _ = try await keys.key()
    }

    static func with(_ body: @Sendable @escaping (ContactStage) async throws -> Void) async throws {
        try await TestService.with(CatalogService.self) { try await body(ContactStage($0)) }
    }

    var postgres: Postgres { service.platform.postgres }
    var merges: ContactMergeStore { ContactMergeStore(postgres: postgres, intake: intake) }

    /// A contact as a job or a page finds it.
    func found(
        _ texts: [ContactField: String], user: UUID? = nil, provider: String = "wg_gesucht", listing: UUID? = nil, at time: Date = Date(),
        confidence: Double = 0.9, isValidated: Bool = false
    ) -> FoundContact {
        let values = Dictionary(uniqueKeysWithValues: texts.compactMap { field, text in ContactValue(field, text).map { (field, $0) } })
        return FoundContact(
            userID: user, values: values, fieldConfidence: values.mapValues { _ in confidence }, type: .landlord, provider: provider,
            method: .webScraping, confidence: confidence, listingID: listing, foundAt: time, isValidated: isValidated)
    }

    @discardableResult
    func record(_ found: FoundContact) async throws -> ContactIntake.Recorded {
        try await postgres.transaction(as: ServiceCaller()) { [intake] tx in try await intake.record(found, in: tx) }
    }

    /// A page is read, as the consumer does it.
    @discardableResult
    func see(_ listing: ReadListing, phone: String?, email: String? = nil, at time: Date = Date()) async throws -> UUID {
        var listing = listing
        let encryption = service.platform.encryption
        func sealed(_ text: String?, _ context: String) throws -> String? {
            try text.map { Data(try encryption.seal($0, context: context)).base64EncodedString() }
        }
        listing.contactPhoneSealed = try sealed(phone, "catalog.listings.contact_phone")
        listing.contactEmailSealed = try sealed(email, "catalog.listings.contact_email")
        let read = listing
        return try await postgres.transaction(as: ServiceCaller()) { [service, intake] tx in
            let stated = try await intake.stated(by: read, at: time, in: tx)
            switch try await service.sightings.record(stated.listing, at: time, in: tx) {
            case .created(let id), .changed(let id): try await service.matches.score(listing: id, in: tx)
            case .unchanged: break
            }
            try await intake.record(stated, in: tx)
            return try await intake.listing(read.provider, read.providerListingID, in: tx) ?? UUID()
        }
    }

    func rows(_ sql: SQL) async throws -> [Row] { try await postgres.batch(as: ServiceCaller(), [sql])[0] }

    func contact(_ id: UUID) async throws -> Contact {
        let contact: Contact? = try await postgres.first(as: ServiceCaller(), "SELECT \(Contact.columns) FROM contacts c WHERE c.id = \(id)")
        guard let contact else { throw APIError.notFound("contact") }
        return contact
    }

    /// The opened values of a contact.
    func values(_ id: UUID) async throws -> [ContactField: String] {
        let sealed: SealedContact? = try await postgres.first(
            as: ServiceCaller(), "SELECT \(SealedContact.columns) FROM contacts c WHERE c.id = \(id)")
        return try sealed.map { try intake.seals.values(of: $0) } ?? [:]
    }

    /// What the outbox holds of one type at the end of what `body` does, before anybody can take it away.
    func told<Message: Event>(
        _ type: Message.Type, as context: any RowSecurityContext = ServiceCaller(), _ body: @Sendable @escaping (Transaction) async throws -> Void
    ) async throws -> [String] {
        try await postgres.transaction(as: context) { tx in
            try await body(tx)
            return try await tx.rows("SELECT body FROM outbox WHERE type = \(Message.name) ORDER BY id").map { try $0["body"] }
        }
    }

    /// Copies every event that is committed from now on: the relay takes the outbox' own away.
    func keepEvents() async throws {
        try await service.script(
            """
            CREATE TABLE catalog.kept_events (id bigint PRIMARY KEY, type text NOT NULL, body jsonb NOT NULL);
            CREATE FUNCTION catalog.keep_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                INSERT INTO catalog.kept_events (id, type, body) VALUES (NEW.id, NEW.type, NEW.body::jsonb);
                RETURN NULL;
            END
            $$;
            CREATE TRIGGER kept AFTER INSERT ON catalog.outbox FOR EACH ROW EXECUTE FUNCTION catalog.keep_event();
            """)
    }

    /// Those of one type, in their order.
    func kept<Message: Event>(_ type: Message.Type) async throws -> [KeptEvent<Message>] {
        try await PostgresSession.with(PostgresConfiguration(url: service.adminDatabaseURL), logger: TestDatabase.logger) { session in
            try await session.all(
                """
                SELECT (body ->> 'actorid')::uuid AS actor_id, body -> 'data' AS data, body::text AS body FROM catalog.kept_events
                WHERE type = \(Message.name) ORDER BY id
                """)
        }
    }

    /// Writes a contact down through the interface.
    func write(_ body: [String: TestJSON], as caller: Caller) async throws -> Contact {
        try await service.post("/v1/contacts", TestJSON.object(["contact_type": "landlord"].merging(body) { $1 }), as: caller).json()
    }
}

/// An event as it was committed.
struct KeptEvent<Message: Event>: RowDecodable {
    /// Who brought it about, as the audit trail will say.
    var actorID: UUID?
    var data: Message
    /// The whole message.
    var body: String

    init(row: Row) throws {
        actorID = try row["actor_id"]
        data = try row.json("data")
        body = try row["body"]
    }
}
