import Hummingbird
import ServiceKit

/// A person's letter, and what goes out of it.
struct ApplicationRoutes {
    let letters: LetterStore
    let applications: ApplicationStore

    func add(to router: Router<APIContext>) {
        router.group("/v1/application-letter")
            .get(use: letter)
            .put(use: write)
            .delete(use: discard)
        router.group("/v1/home-applications")
            .get(use: list)
            .get("{id}", use: find)
            .delete("{id}", use: takeBack)
    }

    @Sendable func letter(_ request: Request, _ context: APIContext) async throws -> Response {
        guard let letter = try await letters.find(as: context.require(.searchesRead)) else { throw APIError.notFound("letter") }
        return try .json(letter, request: request)
    }

    @Sendable func write(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        let version = try request.ifMatch()
        let draft = try await request.decode(as: LetterDraft.self, context: context)
        guard let letter = try await letters.save(draft, ifMatch: version, as: caller) else { throw APIError.notFound("letter") }
        return try .json(letter, request: request)
    }

    @Sendable func discard(_ request: Request, _ context: APIContext) async throws -> Response {
        guard try await letters.delete(as: context.require(.searchesWrite)) else { throw APIError.notFound("letter") }
        return Response(status: .noContent)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        return try .json(try await applications.list(page: PageRequest(request), as: caller), request: request)
    }

    @Sendable func find(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesRead)
        guard let application = try await applications.find(context.parameters.id(), as: caller) else { throw APIError.notFound("application") }
        return try .json(application, request: request)
    }

    @Sendable func takeBack(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.require(.searchesWrite)
        switch try await applications.takeBack(context.parameters.id(), as: caller) {
        case .done: return Response(status: .noContent)
        case .noSuch: throw APIError.notFound("application")
        case .tooLate: throw APIError.conflict("too-late", "It is on its way or has an end already.")
        }
    }
}
