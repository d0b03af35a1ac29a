import Foundation
import Hummingbird
import ServiceKit

/// Flats, and what moderators rule about which listings are one.
struct HomeRoutes {
    let homes: HomeRulingStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/homes")
            .get("{id}", use: find)
            .get("{id}/history", use: history)
        router.group("/v1/home-rulings")
            .post(use: rule)
            .get(use: list)
            .post("{id}/undo", use: undo)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let home = try await homes.home(context.parameters.id()) else { throw APIError.notFound("home") }
        return try .json(home, request: request)
    }

    @Sendable func history(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let page = try PageRequest<UUID>(request)
        guard let entries = try await homes.history(of: id, kind: request.query("kind"), page: page) else { throw APIError.notFound("home") }
        return try .json(entries, request: request)
    }

    @Sendable func rule(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        let body = try await request.decode(as: HomeRulingBody.self, context: context)
        let ruling = try await refusing { try await homes.rule(body, as: caller) }
        return try .json(ruling, status: .created, request: request)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        let page = try PageRequest<UUID>(request)
        return try .json(try await homes.list(home: request.query("home_id"), page: page, as: caller), request: request)
    }

    @Sendable func undo(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.moderationManage)
        let (id, version) = (try context.parameters.id(), try request.ifMatch())
        guard let undone = try await refusing({ try await homes.undo(id, ifMatch: version, as: caller) })
        else { throw APIError.notFound("ruling") }
        return try .json(undone, request: request)
    }

    private func refusing<Value>(_ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let refusal as HomeRulingStore.Refusal {
            switch refusal {
            case .unknownListings: throw APIError.invalid([FieldError("/listing_ids", "unknown", "names a listing that there is not")])
            case .nothingToDo: throw APIError.conflict("nothing-to-do", "The listings are as the ruling wants them already.")
            case .undone: throw APIError.conflict("already-undone", "The ruling is undone already.")
            case .overruled: throw APIError.conflict("overruled", "A later ruling has moved one of its listings.")
            }
        }
    }
}
