import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Postgres

extension Request {
    /// Decodes a JSON body (snake_case, RFC 3339) within the size and depth limits.
    ///
    /// Throws `APIError`: 400 for broken JSON, 413 too large, 415 not JSON, 422 with a pointer for a wrong type, a missing field, an unknown
    /// enumeration value (listing the allowed ones) or a broken rule of a `Validated` body.
    public func decode<Body: Decodable>(as type: Body.Type, context: APIContext) async throws -> Body {
        guard isJSON else {
            throw APIError(.unsupportedMediaType, "unsupported-media-type", "Send the body as application/json.")
        }
        let bytes = try await collect(upTo: context.maxUploadSize)
        guard bytes.readableBytes > 0 else { throw APIError.malformed("The body is empty.") }
        let body = try Self.decode(Body.self, from: bytes)
        if let validated = body as? any Validated { try Validation.check(validated) }
        return body
    }

    /// The whole body, or 413; an announced length beyond the limit is refused before a byte is read.
    public func collect(upTo limit: Int) async throws -> ByteBuffer {
        if let announced = headers[.contentLength].flatMap(Int.init), announced > limit { throw APIError.tooLarge(limit: limit) }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError.tooLarge(limit: limit)
        }
    }

    /// `application/json` or `application/<anything>+json`, with or without parameters.
    private var isJSON: Bool {
        guard let type = headers[.contentType]?.prefix(while: { $0 != ";" }).lowercased() else { return false }
        let name = type.trimmingCharacters(in: .whitespaces)
        return name == "application/json" || (name.hasPrefix("application/") && name.hasSuffix("+json"))
    }

    static func decode<Body: Decodable>(_ type: Body.Type, from bytes: ByteBuffer) throws -> Body {
        switch bytes.withUnsafeReadableBytes({ JSONGuard().inspect($0) }) {
        case .tooDeep: throw APIError.malformed("The body is nested too deeply.")
        case .notUTF8: throw APIError.malformed("The body is not UTF-8.")
        case .holdsNUL: throw APIError.invalid([FieldError("", "control_characters", "must not hold NUL characters")])
        case nil: break
        }
        let data = Data(bytes.readableBytesView)
        do {
            return try JSONDecoder.hearth.decode(type, from: data)
        } catch let error as APIError {
            throw error
        } catch let error as FieldError {
            throw APIError.invalid([error])
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty && !(context.underlyingError is UnknownCase) {
            // The decoder says the same of broken JSON and of a number that its field cannot hold (1.5 for a whole number, 1e400).
            guard (try? JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)) != nil else {
                throw APIError.malformed("The body is not valid JSON.")
            }
            throw APIError.invalid([FieldError("", "format", "holds a number that does not fit its field")])
        } catch let error as DecodingError {
            throw APIError.invalid([FieldError(error)])
        } catch {
            throw APIError.malformed("The body is not valid JSON.")
        }
    }
}
