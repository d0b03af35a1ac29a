import Foundation

extension URL {
    /// The same address with its server spelled as ``HostPort`` spells it: a client that is told where that name is must look for no other spelling of it.
    ///
    /// Nil when the address cannot be spelled so.
    public func spelled(as server: HostPort) -> URL? {
        guard var parts = URLComponents(url: self, resolvingAgainstBaseURL: true) else { return nil }
        parts.host = server.host.contains(":") ? "[\(server.host)]" : server.host
        guard let url = parts.url, url.host(percentEncoded: false)?.trimmingCharacters(in: ["[", "]"]) == server.host, HostPort(url) == server
        else { return nil }
        return url
    }
}
