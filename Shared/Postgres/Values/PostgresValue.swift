/// A value in Postgres' text form, with the type it is sent as. `oid` 0 lets the server infer the type from the context.
public struct PostgresValue: Sendable, Hashable {
    public var type: PostgresType
    public var text: String?

    public init(_ text: String?, type: PostgresType) {
        self.text = text
        self.type = type
    }

    public static func null(_ type: PostgresType) -> PostgresValue { .init(nil, type: type) }
}
