import Contracts
import Foundation
import Testing

@testable import Hearthctl

@Suite struct JoinedOpenAPITests {
    private let routes = RouteTable("# comment\n/v1/users\tauth\tapi\n/v1/users/stream=\talerts\tstream\n/v1/listings\tcatalog\tapi\n")

    @Test(arguments: [
        ("/v1/users", ServiceName.auth), ("/v1/users/me", .auth), ("/v1/users/stream", .alerts), ("/v1/users/stream/x", .auth),
        ("/v1/listings/{id}", .catalog), ("/v1/listingsx", nil), ("/healthz", nil),
    ])
    func theLongestPrefixOfWholePartsDecides(_ path: String, _ service: ServiceName?) {
        #expect(routes.service(for: path) == service)
    }

    private func join(_ documents: [(ServiceName, String)]) throws -> [String: Any] {
        var joined = JoinedOpenAPI(routes: routes)
        for (service, text) in documents { try joined.add(Data(text.utf8), of: service) }
        return try #require(try JSONSerialization.jsonObject(with: joined.document()) as? [String: Any])
    }

    @Test func pathsThatTheGatewayDoesNotRouteStayOut() throws {
        let document = try join([(.auth, #"{"paths":{"/v1/users/me":{"get":{}},"/v1/listings":{"get":{}},"/healthz":{"get":{}}}}"#)])
        #expect((document["paths"] as? [String: Any])?.keys.sorted() == ["/v1/users/me"])
    }

    @Test func equalComponentsAreSharedAndOthersRenamed() throws {
        let document = try join([
            (.auth, #"{"paths":{},"components":{"schemas":{"Problem":{"type":"object"},"Item":{"type":"string"}}}}"#),
            (
                .catalog,
                """
                {"paths":{"/v1/listings":{"get":{"a":{"$ref":"#/components/schemas/Item"},"b":{"$ref":"#/components/schemas/Problem"}}}},
                 "components":{"schemas":{"Problem":{"type":"object"},"Item":{"type":"integer"}}}}
                """
            ),
        ])
        let schemas = (document["components"] as? [String: [String: Any]])?["schemas"]
        #expect(schemas?.keys.sorted() == ["CatalogItem", "Item", "Problem"])
        let operation = ((document["paths"] as? [String: [String: [String: Any]]])?["/v1/listings"])?["get"]
        #expect(operation?["a"] as? [String: String] == ["$ref": "#/components/schemas/CatalogItem"])
        #expect(operation?["b"] as? [String: String] == ["$ref": "#/components/schemas/Problem"])
        #expect(operation?["tags"] as? [String] == ["catalog"])
    }

    @Test func whatADocumentAsksOfAllItsOperationsIsAskedOfEach() throws {
        let document = try join([
            (.auth, #"{"security":[{"bearer":[]}],"paths":{"/v1/users/me":{"get":{}},"/v1/users":{"post":{"security":[]}}}}"#),
            (.catalog, #"{"paths":{"/v1/listings":{"get":{}}}}"#),
        ])
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        #expect((paths["/v1/users/me"]?["get"]?["security"] as? [[String: [String]]])?.count == 1)
        #expect((paths["/v1/users"]?["post"]?["security"] as? [Any])?.isEmpty == true)
        #expect(paths["/v1/listings"]?["get"]?["security"] == nil)
    }

    @Test func everyOperationTellsWhatTheGatewayItselfAnswers() throws {
        let document = try join([(.auth, #"{"paths":{"/v1/users/me":{"get":{"responses":{"200":{},"414":{"description":"its own"}}}}}}"#)])
        let responses =
            ((document["paths"] as? [String: [String: [String: Any]]])?["/v1/users/me"])?["get"]?["responses"] as? [String: [String: String]]
        #expect(responses?["431"] == ["$ref": "#/components/responses/Gateway"])
        #expect(responses?["414"] == ["description": "its own"])
        #expect(((document["components"] as? [String: [String: Any]])?["responses"])?["Gateway"] != nil)
    }

    @Test func optionalMembersOfARequestMayBeNull() throws {
        let document = try join([
            (
                .auth,
                """
                {"paths":{"/v1/users":{"post":{
                   "requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/New"}}}},
                   "responses":{"200":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Made"}}}}}}}},
                 "components":{"schemas":{
                   "New":{"required":["name"],"properties":{
                     "name":{"type":"string"},"kind":{"type":"string","enum":["a"]},"parent":{"$ref":"#/components/schemas/New"}}},
                   "Made":{"properties":{"name":{"type":"string"}}}}}}
                """
            )
        ])
        let schemas = try #require((document["components"] as? [String: [String: [String: Any]]])?["schemas"] as? [String: [String: Any]])
        let new = try #require(schemas["New"]?["properties"] as? [String: [String: Any]])
        #expect(new["name"]?["type"] as? String == "string")
        #expect(new["kind"]?["type"] as? [String] == ["string", "null"])
        #expect((new["kind"]?["enum"] as? [Any])?.last is NSNull)
        #expect((new["parent"]?["anyOf"] as? [[String: String]]) == [["$ref": "#/components/schemas/New"], ["type": "null"]])
        #expect((schemas["Made"]?["properties"] as? [String: [String: Any]])?["name"]?["type"] as? String == "string")
    }
}
