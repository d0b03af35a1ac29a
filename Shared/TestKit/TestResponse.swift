import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Postgres
import Testing

/// An answer, read to its end.
public struct TestResponse: Sendable, CustomStringConvertible {
    public var status: Int
    public var headers: HTTPHeaders
    public var body: [UInt8]

    public var text: String { String(decoding: body, as: UTF8.self) }
    public var description: String { "\(status) \(text)" }

    /// The body, decoded; a failed decoding shows the whole answer.
    public func json<Value: Decodable>(_ type: Value.Type = Value.self, sourceLocation: SourceLocation = #_sourceLocation) throws -> Value {
        do {
            return try JSONDecoder.hearth.decode(type, from: Data(body))
        } catch {
            Issue.record("\(self) is not \(type): \(error)", sourceLocation: sourceLocation)
            throw error
        }
    }

    /// The problem's slug: `not-found` of `urn:hearth:problem:not-found`; nil when the answer is not a problem.
    public var problem: String? {
        struct Problem: Decodable { var type: String }
        guard headers.first(name: "Content-Type") == "application/problem+json" else { return nil }
        return (try? JSONDecoder().decode(Problem.self, from: Data(body)))?.type.split(separator: ":").last.map(String.init)
    }
}
