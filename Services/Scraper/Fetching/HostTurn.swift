/// Leave to ask a server once. It is given back with the pause that the server wants before the next request.
struct HostTurn: Sendable {
    /// Nil when Redis could not be asked: then only this copy keeps to its turns.
    var token: String?
    var isShared: Bool { token != nil }
}
