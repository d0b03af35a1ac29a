import Foundation
import Postgres
import ServiceKit

extension LogCursor {
    /// Whose rows a caller reads: an administrator's choice or everybody's, anyone else's own. Row-level security holds the same.
    static func scope(_ caller: Caller, _ user: UUID?) -> SQL {
        guard caller.role == .administrator else { return "user_id = \(caller.userID)" }
        return user.map { "user_id = \($0)" } ?? "true"
    }
}
