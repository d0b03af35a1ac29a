import Contracts
import Messaging
import Testing

@testable import Provisioning

@Suite struct BrokerPermissionsTests {
    /// RabbitMQ reads them as PCRE; these patterns mean the same to Swift.
    private func allows(_ pattern: String, _ text: String) throws -> Bool {
        try Regex(pattern).firstMatch(in: text) != nil
    }

    private func topic(_ service: ServiceName, _ exchange: String) throws -> BrokerPermissions.Topic {
        try #require(BrokerPermissions(service).topics.first { $0.exchange == exchange })
    }

    @Test(arguments: ServiceName.allCases) func aServiceDeclaresOnlyWhatBearsItsName(_ service: ServiceName) throws {
        let may = BrokerPermissions(service)
        for other in ServiceName.allCases {
            for name in [Topology.queue(of: other.rawValue), Topology.deadLetters(of: other.rawValue), Topology.requests(of: other.rawValue)] {
                #expect(try allows(may.configure, name) == (other == service))
                #expect(try allows(may.write, name) == (other == service))
                #expect(try allows(may.read, name) == (other == service))
            }
        }
        #expect(try !allows(may.configure, Topology.events))
        #expect(try !allows(may.configure, "hearth.\(service.rawValue)x"))
        #expect(try !allows(may.write, "amq.default"))
    }

    @Test func onlyTheOwnerPublishesItsEvents() throws {
        for event in Contract.events {
            for service in ServiceName.allCases {
                let owner = event.name.hasPrefix(service.rawValue + ".")
                #expect(try allows(topic(service, Topology.events).write, event.name) == owner, "\(service) and \(event.name)")
            }
        }
    }

    @Test func aCommandIsSentByItsSendersAndItsOwnerAlone() throws {
        for command in Contract.commands {
            for service in ServiceName.allCases {
                let allowed = command.senders.contains(service.rawValue) || command.name.hasPrefix(service.rawValue + ".")
                #expect(try allows(topic(service, Topology.events).write, command.name) == allowed, "\(service) and \(command.name)")
            }
        }
    }

    @Test(arguments: ServiceName.allCases) func aServiceHearsWhatItIsListedToHearAndItself(_ service: ServiceName) throws {
        let hearing = Hearing(service)
        let events = try topic(service, Topology.events)
        for message in Contract.events.map({ $0.name }) + Contract.commands.map({ $0.name }) {
            let isListed = hearing.byOneCopy.contains(message) || hearing.byEveryCopy.contains(message)
            let may = isListed || message.hasPrefix(service.rawValue + ".") || service == .analytics
            #expect(try allows(events.read, message) == may, "\(service) and \(message)")
        }
        for pattern in ["#", "*.#", "auth.#"] where service != .auth {
            #expect(try allows(events.read, pattern) == (service == .analytics), "\(service) and \(pattern)")
        }
    }

    @Test func everyListedMessageIsOneOfTheContract() {
        let known = Set(Contract.events.map { $0.name } + Contract.commands.map { $0.name })
        for service in ServiceName.allCases {
            let hearing = Hearing(service)
            #expect(hearing.byOneCopy.union(hearing.byEveryCopy).subtracting([Hearing.everything]).isSubset(of: known), "\(service)")
        }
    }

    @Test func aRequestIsAskedByItsSendersAndHeardByItsOwner() throws {
        for request in Contract.requests {
            for service in ServiceName.allCases {
                let topic = try topic(service, Topology.requests)
                #expect(try allows(topic.write, request.name) == request.senders.contains(service.rawValue))
                #expect(try allows(topic.read, request.name) == request.name.hasPrefix(service.rawValue + "."))
            }
        }
    }

    @Test func aServiceHearsOnlyTheAnswersToItself() throws {
        let catalog = try topic(.catalog, Topology.replies)
        #expect(try allows(catalog.read, "catalog.7f3a"))
        #expect(try !allows(catalog.read, "alerts.7f3a"))
        #expect(try !allows(catalog.write, "alerts.7f3a"), "catalog answers no request of the contract")
        #expect(try allows(topic(.auth, Topology.replies).write, "alerts.7f3a"))
    }
}
