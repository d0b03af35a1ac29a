import Foundation
import Hummingbird
import ServiceKit

/// Invitations: sending them, and answering the one that came by mail.
struct InvitationRoutes: Sendable {
    let invitations: InvitationStore
    let answers: InvitationAnswerStore
    let sessions: SessionCache

    func add(to router: some RouterMethods<APIContext>) {
        router.get("/v1/agencies/{id}/invitations", use: list)
        router.post("/v1/agencies/{id}/invitations", use: invite)
        router.post("/v1/agencies/{id}/invitations/{invitation_id}/resend", use: resend)
        router.delete("/v1/agencies/{id}/invitations/{invitation_id}", use: revoke)
        router.post("/v1/invitations/accept", use: accept)
        router.post("/v1/invitations/decline", use: decline)
        router.get("/v1/invitations", use: showPage)
        router.post("/v1/invitations/page", use: answerPage)
    }

    @Sendable func list(_ request: Request, _ context: APIContext) async throws -> Page<Invitation> {
        let id = try context.parameters.id()
        let caller = try context.require(.membersManage, in: id)
        let page = try PageRequest<UUID>(request)
        let rows = try await invitations.list(of: id, after: page.after, limit: page.limit, as: caller)
        return Page(rows, limit: page.limit, key: \.id)
    }

    /// The answer is the same, and takes as long, whether that address has an account or not.
    @Sendable func invite(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.membersManage, in: id)
        let body = try await request.decode(as: NewInvitation.self, context: context)
        guard body.grant.isWithin(caller, id) else { throw APIError.forbidden }
        if body.role == .owner { try context.requireSecondFactor() }
        let invitation = try await Pace.even { try await invitations.invite(body, to: id, as: caller) }
        return try .json(invitation, status: .created, request: request)
    }

    @Sendable func resend(_ request: Request, _ context: APIContext) async throws -> Response {
        let id = try context.parameters.id()
        let caller = try context.require(.membersManage, in: id)
        let invitationID = try context.parameters.id("invitation_id")
        let invitation = try await Pace.even { try await invitations.resend(invitationID, of: id, as: caller) }
        guard let invitation else { throw APIError.notFound("invitation") }
        return try .json(invitation, request: request)
    }

    @Sendable func revoke(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let id = try context.parameters.id()
        let caller = try context.require(.membersManage, in: id)
        guard try await invitations.revoke(context.parameters.id("invitation_id"), of: id, as: caller) else { throw APIError.notFound("invitation") }
        return .noContent
    }

    @Sendable func accept(_ request: Request, _ context: APIContext) async throws -> Response {
        let caller = try context.requireCaller()
        let body = try await request.decode(as: RegistrationRoutes.TokenBody.self, context: context)
        let member = try await answers.accept(OpaqueToken(body.token), by: .user(caller.userID))
        try await sessions.forgetRights(of: member.userID)
        return try .json(member, request: request)
    }

    @Sendable func decline(_ request: Request, _ context: APIContext) async throws -> HTTPResponse.Status {
        let body = try await request.decode(as: RegistrationRoutes.TokenBody.self, context: context)
        guard try await answers.decline(OpaqueToken(body.token)) else { throw APIError.uselessToken }
        return .noContent
    }

    @Sendable func showPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let token = try request.query("token", maximum: 200) ?? ""
        guard let agency = try await answers.agencyName(of: OpaqueToken(token)) else {
            return LinkPage.useless.response(status: .unprocessableContent)
        }
        return LinkPage.invitation(from: agency, token: token).response()
    }

    /// Whoever has the token reads the mailbox of the address it was sent to, so it is that account which joins.
    @Sendable func answerPage(_ request: Request, _ context: APIContext) async throws -> Response {
        let form = try await request.form()
        let token = OpaqueToken(form["token"] ?? "")
        if form["answer"] == "decline" {
            let isGood = try await answers.decline(token)
            return (isGood ? LinkPage.declined : .useless).response(status: isGood ? .ok : .unprocessableContent)
        }
        do {
            let member = try await answers.accept(token, by: .holder)
            try await sessions.forgetRights(of: member.userID)
            return LinkPage.joined.response()
        } catch let error as APIError where error.status.kind == .clientError {
            let page: LinkPage = error.status == .notFound ? .registerFirst : error.status == .conflict ? .notPossible : .useless
            return page.response(status: error.status)
        }
    }
}
