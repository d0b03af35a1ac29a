import Foundation
import Instrumentation
import Postgres
import ServiceContextModule

/// A message in its wire form, CloudEvents 1.0 in JSON's structured mode.
///
/// Written by hand rather than through an encoder for the envelope: the data is encoded once and put in as it is.
struct CloudEvent {
    var id = UUID.v7()
    var type: String
    var subject: UUID?
    var time = Date()
    var aggregateVersion: Int64?
    var data: Data

    init(_ message: some Message, subject: UUID?, aggregateVersion: Int64? = nil) throws {
        type = Swift.type(of: message).name
        self.subject = subject
        self.aggregateVersion = aggregateVersion
        data = try JSONEncoder.hearth.encode(message)
    }

    /// The whole document, in UTF-8.
    func json(source: String) throws -> String { #"{"source":\#(Self.quoted("/hearth/\(source)")),"# + (try unsourcedJSON()) }

    /// What follows the first member, `source`: the outbox puts that in front, as only the database knows whose schema this is.
    ///
    /// The origin and the trace are those of the work now running.
    func unsourcedJSON() throws -> String {
        var json = #""specversion":"1.0","id":"\#(id.uuidString.lowercased())","type":\#(Self.quoted(type))"#
        json += #","time":\#(String(decoding: try JSONEncoder.hearth.encode(time), as: UTF8.self)),"datacontenttype":"application/json""#
        if let subject { json += #","subject":"\#(subject.uuidString.lowercased())""# }
        if let aggregateVersion { json += #","aggregateversion":"\#(aggregateVersion)""# }
        let origin = Origin.current
        let extensions: [(String, String?)] = [
            ("actorid", origin.actorID?.uuidString.lowercased()), ("agencyid", origin.agencyID?.uuidString.lowercased()),
            ("sessionid", origin.sessionID?.uuidString.lowercased()), ("requestid", origin.requestID), ("clientip", origin.clientIP),
            ("useragent", origin.userAgent), ("traceparent", Self.currentTraceparent),
        ]
        for case (let name, let value?) in extensions { json += #","\#(name)":\#(Self.quoted(value))"# }
        return json + #","data":"# + String(decoding: data, as: UTF8.self) + "}"
    }

    private static var currentTraceparent: String? {
        guard let context = ServiceContext.current else { return nil }
        var carrier: [String: String] = [:]
        InstrumentationSystem.instrument.inject(context, into: &carrier, using: TraceCarrier())
        return carrier["traceparent"]
    }

    /// A JSON string. U+2028 and control characters are escaped, and so is nothing else but what must be.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\u{0}"..."\u{1F}", "\u{7F}", "\u{2028}", "\u{2029}":
                let hex = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}

/// Trace context in a dictionary.
struct TraceCarrier: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key.lowercased()] = value }
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key.lowercased()] }
}
