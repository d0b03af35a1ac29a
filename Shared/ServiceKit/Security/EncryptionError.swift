/// Why a sealed value could not be opened. Never holds a part of the value or a key.
public enum EncryptionError: Error, Sendable, Equatable {
    /// Not something that `Encryption` has sealed.
    case malformed
    /// Sealed under a key that `ENCRYPTION_KEYS` does not hold any more.
    case unknownKey(String)
    /// Damaged, or sealed for another context.
    case notAuthentic
}
