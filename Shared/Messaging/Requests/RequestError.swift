/// Why a request was not answered.
public enum RequestError: Error, Sendable, Equatable {
    /// There is no broker, or nobody answers such requests.
    case unavailable
    case deadlineExceeded
    /// The answering handler refused; its slug and message. Throw it from a handler to refuse.
    case refused(slug: String, message: String)
}
