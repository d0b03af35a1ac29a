/// Who is told what becomes of a connection.
protocol ConnectionOwner: AnyObject, Sendable {
    /// So many of the units given to the connection are over.
    func finished(_ count: Int, on connection: Connection)
    /// The connection is of no use any more. `unsent` never reached the server; what did has failed already.
    func lost(_ connection: Connection, unsent: [Unit], because error: PostgresError)
    func notified(channel: String, payload: String)
}

extension ConnectionOwner {
    func notified(channel: String, payload: String) {}
}
