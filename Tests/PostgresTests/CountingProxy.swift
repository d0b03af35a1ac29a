import Foundation
import Synchronization

/// Stands between a client and its server, and counts how often the client speaks.
final class CountingProxy: Sendable {
    private let listener: Int32
    private let port: Int
    private let target: URLComponents
    private let count = Mutex(0)

    /// So many pieces came from clients. What needs an answer in between cannot be one piece.
    var requests: Int { count.withLock { $0 } }

    /// The same URL by way of the proxy.
    var url: String {
        var components = target
        (components.host, components.port) = ("127.0.0.1", port)
        return components.string ?? ""
    }

    init(to url: String) throws {
        guard let target = URLComponents(string: url) else { throw POSIXError(.EINVAL) }
        self.target = target
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 8) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard result else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in accept() }
    }

    func close() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func accept() {
        while true {
            let client = Foundation.accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = Self.loopback(target.port ?? 5432)
            _ = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
            }
            let over = DispatchSemaphore(value: 0)
            Thread.detachNewThread { [self] in
                pump(from: server, to: client) {}
                over.signal()
            }
            Thread.detachNewThread { [self] in
                pump(from: client, to: server) { self.count.withLock { $0 += 1 } }
                over.wait()
                Foundation.close(client)
                Foundation.close(server)
            }
        }
        Foundation.close(listener)
    }

    private func pump(from source: Int32, to sink: Int32, each: () -> Void) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let length = read(source, &buffer, buffer.count)
            guard length > 0 else { break }
            each()
            guard write(sink, buffer, length) == length else { break }
        }
        shutdown(sink, Int32(SHUT_WR))
    }

    private static func loopback(_ port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
