import Contracts
import Hummingbird
import NIOCore

/// `GET /v1/<service>/openapi.json`: the service's own document, as it stands in the repository.
struct OpenAPIRoute {
    let document: [UInt8]
    let service: ServiceName

    func add(to router: Router<APIContext>) {
        let body = ByteBuffer(bytes: document)
        router.get("/v1/\(service.rawValue)/openapi.json") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
    }
}
