import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Testing

@testable import ServiceKit

struct VersionedTests {
    struct Thing: Encodable, Versioned {
        var version: Int64
        var name = "a/b"
    }

    private func request(_ method: HTTPRequest.Method = .get, _ headers: HTTPFields = [:]) -> Request {
        Request(
            head: .init(method: method, scheme: "http", authority: "test", path: "/", headerFields: headers), body: .init(buffer: ByteBuffer()))
    }

    @Test func theEntityTagIsTheVersion() throws {
        let response = try Response.json(Thing(version: 7), request: request())
        #expect(response.headers[.eTag] == "\"7\"")
        #expect(response.headers[.contentType] == "application/json")
    }

    @Test(arguments: ["\"7\"", "W/\"7\"", "\"1\", \"7\"", "*"])
    func aKnownVersionIs304(_ tags: String) throws {
        #expect(try Response.json(Thing(version: 7), request: request(.get, [.ifNoneMatch: tags])).status == .notModified)
        let encoded = Response.json(encoded: Array("{}".utf8), version: 7, request: request(.get, [.ifNoneMatch: tags]))
        #expect(encoded.status == .notModified)
        #expect(encoded.headers[.eTag] == "\"7\"")
    }

    @Test func anotherVersionOrMethodIsAnsweredInFull() throws {
        #expect(try Response.json(Thing(version: 7), request: request(.get, [.ifNoneMatch: "\"6\""])).status == .ok)
        #expect(try Response.json(Thing(version: 7), request: request(.post, [.ifNoneMatch: "\"7\""])).status == .ok)
        #expect(try Response.json(Thing(version: 7), status: .created, request: request(.get, [.ifNoneMatch: "\"7\""])).status == .created)
    }

    @Test func ifMatchIsRead() throws {
        #expect(try request().ifMatch() == nil)
        #expect(try request(.patch, [.ifMatch: "*"]).ifMatch() == nil)
        #expect(try request(.patch, [.ifMatch: "\"12\""]).ifMatch() == 12)
        #expect(try request(.patch, [.ifMatch: "W/\"12\""]).ifMatch() == 12)
    }

    @Test(arguments: ["12", "\"\"", "\"x\"", "\"1\", \"2\"", "\""])
    func nonsenseInIfMatchIs400(_ tag: String) {
        let error = #expect(throws: APIError.self) { try request(.patch, [.ifMatch: tag]).ifMatch() }
        #expect(error?.status == .badRequest)
    }

    @Test func aStaleVersionIs412() throws {
        try Thing(version: 7).expect(7)
        try Thing(version: 7).expect(nil)
        let error = #expect(throws: APIError.self) { try Thing(version: 7).expect(6) }
        #expect(error?.status == .preconditionFailed)
    }
}
