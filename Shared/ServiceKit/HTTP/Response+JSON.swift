import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

extension Response {
    /// A JSON body (snake_case, RFC 3339, sorted keys off) with `ETag` when the value is `Versioned`; 304 when `If-None-Match` holds it.
    public static func json<Value: Encodable>(
        _ value: Value, status: HTTPResponse.Status = .ok, request: Request, headers: HTTPFields = [:]
    ) throws -> Response {
        let entityTag = (value as? any Versioned)?.entityTag
        if let entityTag, status == .ok, request.isFresh(entityTag) {
            return notModified(entityTag, headers)
        }
        let body = try JSONEncoder.hearth.encode(value)
        return json(ByteBuffer(bytes: body), status: status, entityTag: entityTag, headers: headers)
    }

    /// JSON that is encoded already, such as a cached answer: neither decoded nor encoded again.
    public static func json(
        encoded bytes: [UInt8], version: Int64? = nil, status: HTTPResponse.Status = .ok, request: Request, headers: HTTPFields = [:]
    ) -> Response {
        let entityTag = version.map { "\"\($0)\"" }
        if let entityTag, status == .ok, request.isFresh(entityTag) {
            return notModified(entityTag, headers)
        }
        return json(ByteBuffer(bytes: bytes), status: status, entityTag: entityTag, headers: headers)
    }

    private static func json(
        _ buffer: ByteBuffer, status: HTTPResponse.Status, entityTag: String?, headers: HTTPFields
    ) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        if let entityTag { headers[.eTag] = entityTag }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: buffer))
    }

    private static func notModified(_ entityTag: String, _ headers: HTTPFields) -> Response {
        var headers = headers
        headers[.eTag] = entityTag
        return Response(status: .notModified, headers: headers)
    }
}
