import HTTPTypes
import Hummingbird

extension Router where Context == APIContext {
    /// Answers 405 with `Allow` wherever a path has routes, but not for the method asked. Call once, when every route is there.
    func refuseOtherMethods() {
        let known: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace, .other]
        var byPath: [String: (path: RouterPath, methods: Set<HTTPRequest.Method>)] = [:]
        for route in routes {
            byPath[route.path.description, default: (route.path, [])].methods.insert(route.method)
        }
        for (path, registered) in byPath.values {
            var methods = registered
            // HEAD comes with GET by itself.
            if methods.contains(.get) { methods.insert(.head) }
            let allow = methods.map(\.rawValue).sorted().joined(separator: ", ")
            let refusal = APIError(
                .methodNotAllowed, "method-not-allowed", "This address does not take that method.", headers: [.allow: allow])
            for method in known where !methods.contains(method) {
                on(path, method: method) { _, _ -> Response in throw refusal }
            }
        }
    }
}
