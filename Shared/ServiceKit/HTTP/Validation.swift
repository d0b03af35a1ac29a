import Foundation

/// A body with rules of its own, checked after decoding; every broken rule is told at once.
public protocol Validated {
    func validate(_ check: inout Validation)
}

/// Collects field errors.
///
///     check(email.contains("@"), "/email", "format", "is not an e-mail address")
public struct Validation {
    public private(set) var errors: [FieldError] = []

    public init() {}

    public mutating func callAsFunction(_ holds: Bool, _ pointer: String, _ code: String, _ detail: String) {
        if !holds { errors.append(FieldError(pointer, code, detail)) }
    }

    /// Not empty after trimming, at most `maximum` Unicode scalars (as `maxLength` and `varchar(n)` count), no control characters; a
    /// `multiline` text may hold tabs and line breaks.
    public mutating func text(_ value: String, _ pointer: String, maximum: Int, multiline: Bool = false) {
        let isBlank = value.unicodeScalars.allSatisfy { $0.properties.isWhitespace }
        self(!isBlank, pointer, "required", "must not be empty")
        self(value.unicodeScalars.count <= maximum, pointer, "length", "must be at most \(maximum) characters long")
        let allowed: Set<Unicode.Scalar> = multiline ? ["\t", "\n", "\r"] : []
        let hasControls = value.unicodeScalars.contains { $0.properties.generalCategory == .control && !allowed.contains($0) }
        self(!hasControls, pointer, "control_characters", "must not hold control characters")
    }

    /// The same for a text that may be absent.
    public mutating func text(_ value: String?, _ pointer: String, maximum: Int, multiline: Bool = false) {
        if let value { text(value, pointer, maximum: maximum, multiline: multiline) }
    }

    /// Nil passes.
    public mutating func range<N: Comparable & Sendable>(_ value: N?, _ pointer: String, _ allowed: ClosedRange<N>) {
        guard let value else { return }
        self(allowed.contains(value), pointer, "range", "must be between \(allowed.lowerBound) and \(allowed.upperBound)")
    }

    /// Throws `APIError.invalid` when a rule is broken.
    public func finish() throws {
        if !errors.isEmpty { throw APIError.invalid(errors) }
    }
}
