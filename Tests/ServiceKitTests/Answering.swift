import Foundation
import HTTPTypes
import Hummingbird

@testable import ServiceKit

/// Errors as problems, as the pipeline gives them, and the caller named by a header: for tests of one middleware alone.
struct Answering: RouterMiddleware {
    // A valid field name, which is all that the initialiser checks.
    static let user = HTTPField.Name("X-Test-User")!

    func handle(
        _ request: Request, context: APIContext, next: (Request, APIContext) async throws -> Response
    ) async throws -> Response {
        var context = context
        if let id = request.headers[Self.user].flatMap({ UUID(uuidString: $0) }) { context.caller = Caller(userID: id, sessionID: id) }
        do {
            return try await next(request, context)
        } catch {
            let known = APIError(error) ?? APIError(.internalServerError, "internal", "Something went wrong on our side.")
            return Problem.response(known, requestID: "test")
        }
    }
}
