import HTTPTypes

extension HTTPField.Name {
    // Each of these literals is a valid field name, the only thing that the initialiser checks.
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let realIP = HTTPField.Name("X-Real-IP")!
    static let forwardedFor = HTTPField.Name("X-Forwarded-For")!
    static let apiKey = HTTPField.Name("X-API-Key")!
    static let traceparent = HTTPField.Name("traceparent")!
    static let rateLimit = HTTPField.Name("RateLimit")!
    static let rateLimitPolicy = HTTPField.Name("RateLimit-Policy")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
    static let tracestate = HTTPField.Name("tracestate")!
}
