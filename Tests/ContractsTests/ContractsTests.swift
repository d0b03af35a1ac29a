import Contracts
import Foundation
import Messaging
import Postgres
import Testing

/// With `HEARTH_RECORD=1` the files are written instead of compared: look at the difference before committing it.
@Suite struct ContractsTests {
    private let isRecording = ProcessInfo.processInfo.environment["HEARTH_RECORD"] == "1"
    private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    private func expect(_ object: Any, inFile path: String) throws {
        let json = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        let file = root.appendingPathComponent(path)
        if isRecording { try (json + Data("\n".utf8)).write(to: file) }
        let recorded = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
        #expect(
            NSDictionary(dictionary: ["": recorded]).isEqual(to: ["": try JSONSerialization.jsonObject(with: json)]),
            "\(path) is not what the code says; HEARTH_RECORD=1 writes it anew")
    }

    @Test func everyMessageHasASample() {
        #expect(Samples.events.map { type(of: $0).name } == Contract.events.map { $0.name })
        #expect(Samples.commands.map { type(of: $0).name } == Contract.commands.map { $0.name })
        #expect(Samples.requests.map { type(of: $0).name } == Contract.requests.map { $0.name })
        #expect(Samples.responses.keys.sorted() == Contract.requests.map { $0.name }.sorted())
    }

    @Test func everyNameSaysItsOwnerAndItsVersion() {
        for message in Samples.messages {
            let name = type(of: message).name
            #expect(name.wholeMatch(of: /[a-z]+\.[a-z_]+\.[a-z_]+\.v[1-9][0-9]*/) != nil, "\(name)")
            #expect(ServiceName(rawValue: String(name.prefix { $0 != "." })) != nil, "\(name)")
        }
        let names = Samples.messages.map { type(of: $0).name }
        #expect(Set(names).count == names.count)
    }

    @Test func sendersAreServices() {
        for sender in Contract.commands.flatMap({ $0.senders }) + Contract.requests.flatMap({ $0.senders }) {
            #expect(ServiceName(rawValue: sender) != nil, "\(sender)")
        }
    }

    @Test func everyMessageKeepsItsWireForm() throws {
        for message in Samples.messages {
            try expect(
                JSONSerialization.jsonObject(with: JSONEncoder.hearth.encode(message)),
                inFile: "Tests/ContractsTests/Golden/\(type(of: message).name).json")
        }
        for (name, response) in Samples.responses {
            try expect(
                JSONSerialization.jsonObject(with: JSONEncoder.hearth.encode(response)), inFile: "Tests/ContractsTests/Golden/\(name).reply.json")
        }
    }

    @Test func theDocumentIsWhatTheCodeSays() throws {
        try expect(AsyncAPIDocument.make(), inFile: "Shared/Contracts/asyncapi.json")
    }

    @Test func keysAreSnakeCase() throws {
        func check(_ object: Any, _ name: String) {
            if let map = object as? [String: Any] {
                for (key, value) in map {
                    #expect(key.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(key) in \(name)")
                    check(value, name)
                }
            }
            if let list = object as? [Any] { for value in list { check(value, name) } }
        }
        for message in Samples.messages {
            check(try JSONSerialization.jsonObject(with: JSONEncoder.hearth.encode(message)), type(of: message).name)
        }
    }
}
