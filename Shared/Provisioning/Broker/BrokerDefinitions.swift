import Contracts
import Messaging

/// The document that RabbitMQ imports in one request: a vhost, the users that have a password here, their permissions, and the shared exchanges.
struct BrokerDefinitions: Encodable {
    var vhosts: [Vhost]
    var users: [User]
    var permissions: [Permission]
    var topicPermissions: [TopicPermission]
    var exchanges: [Exchange]

    struct Vhost: Encodable { var name: String }
    struct User: Encodable {
        var name: String
        var password: String
        var tags = ""
    }
    struct Permission: Encodable {
        var user: String
        var vhost: String
        var configure: String
        var write: String
        var read: String
    }
    struct TopicPermission: Encodable {
        var user: String
        var vhost: String
        var exchange: String
        var write: String
        var read: String
    }
    struct Exchange: Encodable {
        var name: String
        var vhost: String
        var type = "topic"
        var durable = true
        var autoDelete = false
        var arguments: [String: String] = [:]
        enum CodingKeys: String, CodingKey {
            case name, vhost, type, durable, arguments
            case autoDelete = "auto_delete"
        }
    }
    enum CodingKeys: String, CodingKey {
        case vhosts, users, permissions, exchanges
        case topicPermissions = "topic_permissions"
    }

    init(vhost: String, services: [ServiceName], passwords: [ServiceName: String]) {
        vhosts = [Vhost(name: vhost)]
        users = services.compactMap { service in
            passwords[service].map { User(name: BrokerPermissions.user(service), password: $0) }
        }
        permissions = services.map { service in
            let may = BrokerPermissions(service)
            return Permission(
                user: BrokerPermissions.user(service), vhost: vhost, configure: may.configure, write: may.write, read: may.read)
        }
        topicPermissions = services.flatMap { service in
            BrokerPermissions(service).topics.map { topic in
                TopicPermission(
                    user: BrokerPermissions.user(service), vhost: vhost, exchange: topic.exchange, write: topic.write, read: topic.read)
            }
        }
        exchanges = Topology.sharedExchanges.map { Exchange(name: $0, vhost: vhost) }
    }
}
