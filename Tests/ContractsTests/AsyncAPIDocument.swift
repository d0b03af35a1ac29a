import Contracts
import Foundation
import Messaging

/// The AsyncAPI 3.0 document of everything in `Contract`, as `Shared/Contracts/asyncapi.json` must hold it.
enum AsyncAPIDocument {
    static func make() throws -> [String: Any] {
        var channels: [String: Any] = [:]
        var operations: [String: Any] = [:]
        var messages: [String: Any] = [:]
        var schemas: [String: Any] = ["CloudEvent": envelope]
        func add(_ message: any Message, exchange: String, kind: String, senders: [String]) throws {
            let name = type(of: message).name
            schemas[name] = try WireSchema(of: message).json
            messages[name] = [
                "name": name, "contentType": "application/cloudevents+json", "x-kind": kind,
                "payload": [
                    "allOf": [
                        ["$ref": "#/components/schemas/CloudEvent"],
                        ["type": "object", "properties": ["type": ["const": name], "data": ["$ref": "#/components/schemas/\(name)"]]],
                    ]
                ],
            ]
            channels[name] = [
                "address": name, "messages": [name: ["$ref": "#/components/messages/\(name)"]],
                "bindings": ["amqp": ["is": "routingKey", "exchange": ["name": exchange, "type": "topic", "durable": true]]],
            ]
            operations["send \(name)"] = ["action": "send", "channel": ["$ref": "#/channels/\(name)"], "x-senders": senders]
        }
        for event in Samples.events {
            try add(event, exchange: Topology.events, kind: "event", senders: [owner(type(of: event).name)])
        }
        for command in Samples.commands {
            try add(command, exchange: Topology.events, kind: "command", senders: type(of: command).senders)
        }
        for request in Samples.requests {
            let name = type(of: request).name
            try add(request, exchange: Topology.requests, kind: "request", senders: type(of: request).senders)
            guard let response = Samples.responses[name] as? any Codable else { continue }
            let answer = "\(name).reply"
            schemas[answer] = try WireSchema(of: response).json
            messages[answer] = ["name": answer, "contentType": "application/json", "payload": ["$ref": "#/components/schemas/\(answer)"]]
            channels[answer] = [
                "address": NSNull(), "messages": [answer: ["$ref": "#/components/messages/\(answer)"]],
                "bindings": ["amqp": ["is": "routingKey", "exchange": ["name": Topology.replies, "type": "topic", "durable": true]]],
            ]
            operations["send \(name)"] = [
                "action": "send", "channel": ["$ref": "#/channels/\(name)"], "x-senders": type(of: request).senders,
                "reply": ["address": ["location": "$message.header#/replyTo"], "channel": ["$ref": "#/channels/\(answer)"]],
            ]
        }
        return [
            "asyncapi": "3.0.0",
            "info": [
                "title": "Hearth's messages", "version": "1.0.0",
                "description": "Every message that crosses a service's border. Receivers ignore fields they do not know.",
            ],
            "defaultContentType": "application/cloudevents+json",
            "channels": channels, "operations": operations, "components": ["messages": messages, "schemas": schemas],
        ]
    }

    private static func owner(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private static var envelope: [String: Any] {
        let uuid = ["type": "string", "format": "uuid"]
        let text = ["type": "string"]
        return [
            "type": "object", "required": ["specversion", "id", "source", "type", "time", "data"],
            "properties": [
                "specversion": ["const": "1.0"], "id": uuid, "source": ["type": "string", "pattern": "^/hearth/[a-z]+$"], "type": text,
                "subject": uuid, "time": ["type": "string", "format": "date-time"], "datacontenttype": ["const": "application/json"],
                "aggregateversion": ["type": "string", "pattern": "^[0-9]+$"], "traceparent": text, "actorid": uuid, "agencyid": uuid,
                "sessionid": uuid, "requestid": text, "clientip": text, "useragent": text, "data": ["type": "object"],
            ],
        ]
    }
}
