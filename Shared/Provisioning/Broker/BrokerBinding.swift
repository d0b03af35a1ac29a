/// A binding, as RabbitMQ's management API tells of it.
public struct BrokerBinding: Decodable, Sendable {
    /// The queue or exchange that hears.
    public var destination: String
    public var destinationType: String
    public var routingKey: String
    /// What names the binding among those of the same two.
    public var propertiesKey: String

    public var isOfQueue: Bool { destinationType == "queue" }

    enum CodingKeys: String, CodingKey {
        case destination
        case destinationType = "destination_type"
        case routingKey = "routing_key"
        case propertiesKey = "properties_key"
    }
}
