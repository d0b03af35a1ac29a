/// A table of a service that names people, as the service declares it: what an export takes out of it, and what an erasure leaves.
public struct PersonalTable: Sendable {
    /// What becomes of a person's rows when they are erased.
    public enum Erasure: Sendable {
        case deleted
        /// Nothing in them says anything of the person any more; the reason says what is left and why.
        case anonymised(String)
        /// They stay, and name the person by a number that leads to nobody; the reason says why.
        case kept(String)
    }

    public var name: String
    /// The column, indexed, whose rows are the person's.
    public var person: String
    /// Further columns that name a person: the same one, or somebody whose row it is not.
    public var alsoNaming: [String]
    /// The primary key: an export goes through it page by page.
    public var key: [String]
    /// Columns that no export shows: secrets, hashes, what is derived from others.
    public var omitting: [String]
    /// Whether an export shows it at all. Not what would tell of others.
    public var isExported: Bool
    public var erasure: Erasure

    public init(
        _ name: String, person: String = "user_id", alsoNaming: [String] = [], key: [String] = ["id"], omitting: [String] = [],
        isExported: Bool = true, erasure: Erasure
    ) {
        self.name = name
        self.person = person
        self.alsoNaming = alsoNaming
        self.key = key
        self.omitting = omitting
        self.isExported = isExported
        self.erasure = erasure
    }

    /// Every column that names a person.
    public var people: [String] { [person] + alsoNaming }
}

extension PersonalTable.Erasure {
    var action: String {
        switch self {
        case .deleted: "deleted"
        case .anonymised: "anonymised"
        case .kept: "kept"
        }
    }

    var reason: String? {
        switch self {
        case .deleted: nil
        case .anonymised(let reason), .kept(let reason): reason
        }
    }
}
