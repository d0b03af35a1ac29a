import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

/// An RFC 9457 problem, as it stands on the wire.
struct Problem: Encodable {
    static let contentType = "application/problem+json"

    /// `urn:hearth:problem:<slug>`, stable.
    var type: String
    var title: String
    var status: Int
    var detail: String?
    /// `urn:hearth:request:<request id>`: what to name when asking for help.
    var instance: String
    /// One entry per bad field.
    var errors: [FieldError]?

    init(_ error: APIError, requestID: String) {
        type = "urn:hearth:problem:\(error.slug)"
        title = error.title
        status = error.status.code
        detail = error.detail
        instance = "urn:hearth:request:\(requestID)"
        errors = error.errors.isEmpty ? nil : error.errors
    }

    /// The answer that tells it.
    static func response(_ error: APIError, requestID: String) -> Response {
        Response(status: error.status, headers: headers(error), body: ResponseBody(byteBuffer: encoded(error, requestID: requestID)))
    }

    static func headers(_ error: APIError) -> HTTPFields {
        var headers = error.headers
        headers[.contentType] = contentType
        headers[.cacheControl] = "no-store"
        return headers
    }

    static func encoded(_ error: APIError, requestID: String) -> ByteBuffer {
        // Nothing but texts and numbers is encoded, so this cannot fail; the status alone would still tell the most.
        ByteBuffer(bytes: (try? JSONEncoder.hearth.encode(Problem(error, requestID: requestID))) ?? .init())
    }
}
