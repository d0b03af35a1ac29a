import HTTPTypes
import Hummingbird
import NIOCore

/// An answer as it is kept for the next time.
struct KeptResponse: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]

    /// Nil for an answer that is not to be kept: a fault, a refusal that waiting or signing in cures, or one that sets cookies.
    init?(_ response: Response, body: ByteBuffer) {
        let transient: Set<HTTPResponse.Status> = [.unauthorized, .requestTimeout, .tooEarly, .tooManyRequests]
        guard response.status.code < 500, !transient.contains(response.status), !response.headers.contains(.setCookie) else { return nil }
        status = response.status.code
        headers = Dictionary(response.headers.map { ($0.name.canonicalName, $0.value) }) { "\($0), \($1)" }
        self.body = Array(body.readableBytesView)
    }

    init(status: Int, headers: [String: String], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    var response: Response {
        var fields = HTTPFields()
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        fields[.idempotencyReplayed] = "true"
        return Response(status: .init(code: status), headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
