import Foundation
import Hummingbird
import Passwords
import ServiceKit

/// The two small pages that links in mails lead to. A page only shows a button: programs that follow every link in a mail use up no token.
struct LinkPageRoutes: Sendable {
    let users: UserStore
    let passwords: PasswordRoutes

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/auth/verify-email", use: showVerify)
        router.post("/v1/auth/verify-email/page", use: verify)
        router.get("/v1/auth/password/reset", use: showReset)
        router.post("/v1/auth/password/reset/page", use: reset)
    }

    @Sendable func showVerify(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try request.query("token", maximum: 200) ?? ""
        return LinkPage.form(action: "/v1/auth/verify-email/page", token: token, asksPassword: false).response()
    }

    @Sendable func verify(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        let isGood = try await users.verifyEmail(OpaqueToken(form["token"] ?? ""))
        return (isGood ? LinkPage.verified : .useless).response(status: isGood ? .ok : .unprocessableContent)
    }

    @Sendable func showReset(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try request.query("token", maximum: 200) ?? ""
        return LinkPage.form(action: "/v1/auth/password/reset/page", token: token, asksPassword: true).response()
    }

    @Sendable func reset(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        do {
            try await passwords.reset(OpaqueToken(form["token"] ?? ""), to: form["password"] ?? "")
            return LinkPage.passwordSet.response()
        } catch let error as APIError where error.status == .unprocessableContent {
            let page = error.slug == APIError.uselessToken.slug ? LinkPage.useless : LinkPage.refused(error.errors.map(\.detail))
            return page.response(status: .unprocessableContent)
        }
    }
}

extension Request {
    /// The fields of an HTML form. Throws `APIError`: 415 when it is none, 413 when it is larger than any of these forms.
    func form() async throws -> [String: String] {
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" else {
            throw APIError(.unsupportedMediaType, "unsupported-media-type", "Send the form as application/x-www-form-urlencoded.")
        }
        let text = String(buffer: try await collect(upTo: 8192))
        var components = URLComponents()
        components.percentEncodedQuery = Self.isQuery(text) ? text.replacing("+", with: "%20") : nil
        return (components.queryItems ?? []).reduce(into: [:]) { $0[$1.name] = $1.value ?? "" }
    }

    /// Only what a form may be made of; anything else would be a programmer's error to `URLComponents`.
    private static func isQuery(_ text: String) -> Bool {
        text.wholeMatch(of: /(?:[A-Za-z0-9_.*+=&~-]|%[0-9A-Fa-f]{2})*/) != nil
    }
}
