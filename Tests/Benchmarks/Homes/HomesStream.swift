import Contracts
import Foundation
import Messaging
import Provisioning
import Synchronization

/// Listings as the scraper reads them, put on the broker, and what the catalog says of them.
final class HomesStream: Sendable {
    private struct Known {
        var sent: [String: ContinuousClock.Instant] = [:]
        var created = 0
        var matches: [UInt32] = []
        /// By person, when the listings of their matches were sent: they are told in this order.
        var matched: [UUID: [ContinuousClock.Instant]] = [:]
        var notifications: [UInt32] = []
    }

    private static let queue = "hearth.analytics.bench_homes"

    private let broker: Broker
    private let known = Mutex(Known())

    private init(_ broker: Broker) { self.broker = broker }

    /// A connection and a queue of its own beside the running system, for as long as `body` takes.
    static func with<Result: Sendable>(_ servers: Servers, _ body: (HomesStream) async throws -> Result) async throws -> Result {
        let vhost = try Servers.variable("HEARTH_VHOST")
        let management = try ManagementAPI(url: servers.brokerManagementURL)
        guard var url = URLComponents(string: servers.adminBrokerURL), let user = url.user else {
            throw BenchmarkError("HEARTH_ADMIN_AMQP_URL names no user")
        }
        url.path = "/" + vhost
        try await management.send("PUT", ["permissions", vhost, user], body: ["configure": ".*", "write": ".*", "read": ".*"])
        try await management.send("PUT", ["queues", vhost, queue], body: ["durable": true])
        for event in [ListingCreated.name, ListingMatched.name, NotificationCreated.name] {
            try await management.send("POST", ["bindings", vhost, "e", Topology.events, "q", queue], body: ["routing_key": event])
        }
        let broker = Broker(BrokerConfiguration(url: url.string ?? "", service: "analytics"), logger: Servers.logger)
        let outcome: Swift.Result<Result, any Error>
        do {
            outcome = .success(
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await broker.run() }
                    defer { group.cancelAll() }
                    for await isConnected in broker.connectivity() where isConnected { break }
                    let stream = HomesStream(broker)
                    let stop = broker.receive(from: queue, prefetch: 512) { body, acknowledge in
                        stream.hear(body)
                        acknowledge()
                    }
                    defer { stop() }
                    return try await body(stream)
                })
        } catch {
            outcome = .failure(error)
        }
        try await management.send("DELETE", ["queues", vhost, queue])
        return try outcome.get()
    }

    var created: Int { known.withLock { $0.created } }
    /// Nanoseconds from the message of a listing to that of each of its matches.
    var latencies: [UInt32] { known.withLock { $0.matches } }
    /// Nanoseconds from the message of a listing to that of each notification of it.
    var notified: [UInt32] { known.withLock { $0.notifications } }

    var heard: Int { known.withLock { $0.matches.count + $0.notifications.count } }

    /// Puts one on the broker and waits until that has it.
    func send(_ number: Int, as provider: String) async throws {
        let event = ListingRead(jobID: UUID(), artifactID: UUID(), listing: Self.listing(number, provider))
        let id = UUID.v7()
        let time = String(decoding: try JSONEncoder.hearth.encode(Date()), as: UTF8.self)
        let data = String(decoding: try JSONEncoder.hearth.encode(event), as: UTF8.self)
        let json = """
            {"source":"/hearth/scraper","specversion":"1.0","id":"\(id.uuidString.lowercased())","type":"\(ListingRead.name)","time":\(time),\
            "datacontenttype":"application/json","subject":"\(event.subject.uuidString.lowercased())","data":\(data)}
            """
        known.withLock { $0.sent[event.listing.providerListingID] = .now }
        try await broker.publish(
            OutgoingMessage(
                exchange: Topology.events, routingKey: ListingRead.name, body: Array(json.utf8), messageID: id.uuidString.lowercased(),
                mandatory: true))
    }

    private struct Heard: Decodable {
        struct Content: Decodable {
            var listing: ListingSnapshot?
            var userID: UUID?
            enum CodingKeys: String, CodingKey {
                case listing
                case userID = "user_id"
            }
        }
        var type: String
        var data: Content
    }

    private func hear(_ body: [UInt8]) {
        let now = ContinuousClock.now
        guard let heard = try? JSONDecoder.hearth.decode(Heard.self, from: Data(body)) else { return }
        known.withLock { known in
            if heard.type == NotificationCreated.name {
                guard let person = heard.data.userID, known.matched[person]?.isEmpty == false, let sent = known.matched[person]?.removeFirst()
                else { return }
                known.notifications.append(UInt32(clamping: (now - sent).nanoseconds))
                return
            }
            guard let sent = heard.data.listing.flatMap({ known.sent[$0.providerListingID] }) else { return }
            if heard.type == ListingCreated.name {
                known.created += 1
            } else {
                known.matches.append(UInt32(clamping: (now - sent).nanoseconds))
                if let person = heard.data.userID { known.matched[person, default: []].append(sent) }
            }
        }
    }

    private static func listing(_ number: Int, _ provider: String) -> ReadListing {
        var listing = ReadListing(
            provider: provider, providerListingID: "\(provider)-\(UUID().uuidString)", title: "Helle Wohnung mit Balkon \(number)",
            images: ["https://homes.example/1.jpg"])
        listing.description = "Altbau mit hohen Decken, Dielen, Einbauküche und Blick ins Grüne. Frei ab sofort, Haustiere nach Absprache."
        listing.propertyType = ["apartment", "apartment", "room", "house"][number % 4]
        listing.street = "Hauptstraße"
        listing.houseNumber = "\(number)"
        listing.postalCode = "10827"
        let cities = HomesDatabase.cities
        listing.city = number % 50 == 0 ? cities[number / 50 % cities.count] : HomesDatabase.town(number &* 7919 % HomesDatabase.towns)
        listing.rentNetto = Decimal(400 + number &* 37 % 1400)
        listing.rooms = Decimal(1 + number % 4)
        listing.livingArea = Decimal(25 + number % 120)
        listing.availableFrom = "2026-12-01"
        return listing
    }
}
