/// On whose behalf a transaction runs. Each setting is made local to the transaction (`set_config(name, value, true)`) in the same round trip as
/// the first statement, and row-level security policies read them.
public protocol RowSecurityContext: Sendable {
    var settings: [(name: String, value: String)] { get }
}

extension SQL {
    /// One statement that makes all settings local; nil when there are none.
    static func settings(of context: any RowSecurityContext) -> SQL? {
        let settings = context.settings
        guard !settings.isEmpty else { return nil }
        var sql = SQL(unsafe: "SELECT ")
        for (index, setting) in settings.enumerated() {
            sql.text += index == 0 ? "set_config(" : ", set_config("
            sql.append(bind: PostgresValue(setting.name, type: .text))
            sql.text += ", "
            sql.append(bind: PostgresValue(setting.value, type: .text))
            sql.text += ", true)"
        }
        return sql
    }

    /// Refuses what Postgres cannot hold before anything is sent.
    static func check(_ statements: [SQL], _ file: StaticString, _ line: UInt) throws {
        for sql in statements {
            if sql.binds.count > 65_535 {
                throw PostgresError(
                    .invalidValue, "a statement can have 65535 binds, not \(sql.binds.count)", query: sql.text, file: file, line: line)
            }
            for bind in sql.binds where bind.text?.utf8.contains(0) == true {
                throw PostgresError(
                    .invalidValue, "text with a NUL character cannot be stored", sqlState: .invalidText, query: sql.text, file: file, line: line)
            }
        }
    }
}
