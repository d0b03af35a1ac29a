import HTTPTypes
import Hummingbird

/// Lets the router answer methods that it has never heard of: they count as one that no path takes, so the answer is 405 where there is something,
/// 404 where there is nothing, and strangers cannot make series of measurements.
struct AnyMethodResponder: HTTPResponder {
    typealias Context = APIContext

    let router: RouterResponder<APIContext>

    func respond(to request: Request, context: APIContext) async throws -> Response {
        if request.method.isKnown { return try await router.respond(to: request, context: context) }
        var head = request.head
        head.method = .other
        return try await router.respond(to: Request(head: head, body: request.body), context: context)
    }
}

extension HTTPRequest.Method {
    /// Whatever is none of the usual methods.
    static let other = HTTPRequest.Method("OTHER")!  // made of letters, which is all that is checked

    fileprivate var isKnown: Bool {
        switch self {
        case .get, .head, .post, .put, .patch, .delete, .options, .trace: true
        default: false
        }
    }
}
