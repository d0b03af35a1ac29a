extension Versioned {
    /// Passes when the caller knows this version, or names none (`If-Match` absent or `*`); else 412.
    public func expect(_ version: Int64?) throws {
        guard let version, version != self.version else { return }
        throw APIError.versionMismatch
    }
}
