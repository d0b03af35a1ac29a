/// Nothing here hears a message of this type: a copy of a newer release may.
struct UnknownMessage: Error, CustomStringConvertible {
    var type: String
    var description: String { "nothing here hears \(type)" }
}
