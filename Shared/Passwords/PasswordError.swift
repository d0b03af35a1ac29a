/// Why a password could not be hashed or compared.
public enum PasswordError: Error, Sendable, Equatable {
    /// bcrypt would stop reading at it.
    case containsNUL
    case unsupportedCost(Int)
    /// libxcrypt refused, with this `errno`.
    case refused(Int32)
    /// As many are waiting as may wait: try again in a moment.
    case busy
    /// The hasher has been closed.
    case closed
}
