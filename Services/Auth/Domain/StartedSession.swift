/// A session, whose it is and how they have proven it.
struct StartedSession: Sendable {
    var account: Credentials
    var session: SessionRow
    var proof: SessionProof
}
