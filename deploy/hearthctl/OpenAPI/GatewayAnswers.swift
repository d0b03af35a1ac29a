/// What the gateway answers by itself, whatever the operation: an address or a header beyond its limits, a request or an answer that takes too long.
enum GatewayAnswers {
    static var responses: [String: Any] {
        Dictionary(uniqueKeysWithValues: ["408", "414", "431", "504"].map { ($0, ["$ref": "#/components/responses/Gateway"]) })
    }

    static var components: [String: [String: Any]] {
        ["responses": ["Gateway": ["description": "Refused by the gateway.", "content": ["application/problem+json": ["schema": problem]]]]]
    }

    private static var problem: [String: Any] {
        [
            "type": "object", "required": ["type", "title", "status", "instance"],
            "properties": [
                "type": ["type": "string"], "title": ["type": "string"], "status": ["type": "integer"], "instance": ["type": "string"],
            ],
        ]
    }
}
