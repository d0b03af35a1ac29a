import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// People's pictures: one's own is put and taken away, anybody who has its address looks at it.
struct AvatarRoutes: Sendable {
    let avatars: AvatarStore
    let publicURL: String

    func add(to router: some RouterMethods<APIContext>) {
        router.put("/v1/users/me/avatar", use: put)
        router.delete("/v1/users/me/avatar", use: remove)
        router.get("/v1/auth/avatars/{id}", use: show)
    }

    @Sendable func put(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let name = request.headers[.contentType]?.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
        guard let type = Avatar.ImageType(rawValue: name) else {
            throw APIError(.unsupportedMediaType, "unsupported-media-type", "Send a picture as image/png, image/jpeg or image/webp.")
        }
        let bytes = Data(try await request.collect(upTo: Avatar.maximumBytes).readableBytesView)
        guard type.isType(of: bytes) else { throw APIError.invalid([FieldError("", "format", "is no picture of the type \(name)")]) }
        // Random, and not by the clock: an address that nobody guesses.
        let avatar = Avatar(id: UUID(), type: type, bytes: bytes)
        let url = "\(publicURL)/v1/auth/avatars/\(avatar.id.uuidString.lowercased())"
        guard let user = try await avatars.put(avatar, at: url, as: caller) else { throw APIError.notFound("user") }
        return try .json(user, request: request)
    }

    @Sendable func remove(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let caller = try context.requireCaller()
        guard try await avatars.remove(as: caller) else { throw APIError.notFound("avatar") }
        return .noContent
    }

    /// Another picture has another address, so this one never changes. Nothing in it is run, whatever it holds.
    @Sendable func show(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let avatar = try await avatars.avatar(context.parameters.id()) else { throw APIError.notFound("avatar") }
        let headers: HTTPFields = [
            .contentType: avatar.type.rawValue, .cacheControl: "public, max-age=86400, immutable", .xContentTypeOptions: "nosniff",
            .contentSecurityPolicy: "sandbox; default-src 'none'",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: avatar.bytes)))
    }
}
