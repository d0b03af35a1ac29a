import Foundation
import Synchronization

/// A small SMTP server that answers as its script says, so that a test can have a refusal or a lost connection exactly where it wants it. What a
/// recipient's local part begins with decides: `defer` is asked to come back (450) once, `reject` is refused (550), `drop` loses the connection
/// after its mail was read and kept, once; `slow` gets its answer after twelve seconds.
final class SMTPScript: Sendable {
    struct Mail: Sendable {
        var sender: String
        var recipients: [String]
        var data: String
    }

    private struct State: Sendable {
        var mails: [Mail] = []
        var connections = 0
        var seen: Set<String> = []
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex(State())

    var url: String { "smtp://127.0.0.1:\(port)" }
    var mails: [Mail] { state.withLock { $0.mails } }
    var connections: Int { state.withLock { $0.connections } }

    /// `greeting` other than 220 turns every client away.
    init(greeting: String = "220 script ESMTP") {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                _ = bind(descriptor, address, length)
                _ = listen(descriptor, 64)
                _ = getsockname(descriptor, address, &length)
            }
            return Int(UInt16(bigEndian: pointer.pointee.sin_port))
        }
        Thread { [self, greeting] in accept(greeting: greeting) }.start()
    }

    /// The accepting thread closes the socket: were it closed here, the thread could meet its number again as somebody else's.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    /// Waits until so many mails have come.
    func mails(_ count: Int) async throws -> [Mail] {
        for _ in 0..<500 where mails.count < count { try await Task.sleep(for: .milliseconds(20)) }
        return mails
    }

    private func accept(greeting: String) {
        while true {
            let client = Glibc.accept(listener, nil, nil)
            guard client >= 0 else {
                close(listener)
                return
            }
            state.withLock { $0.connections += 1 }
            Thread { [self] in converse(client, greeting: greeting) }.start()
        }
    }

    private func converse(_ client: Int32, greeting: String) {
        var input = LineReader(client)
        defer { close(client) }
        var mail = Mail(sender: "", recipients: [], data: "")
        func say(_ line: String) { _ = (line + "\r\n").withCString { send(client, $0, strlen($0), Int32(MSG_NOSIGNAL)) } }
        say(greeting)
        while let line = input.next() {
            switch line.prefix(4).uppercased() {
            case "EHLO": say("250-script\r\n250 8BITMIME")
            case "MAIL":
                mail = Mail(sender: Self.address(line), recipients: [], data: "")
                say("250 2.1.0 Ok")
            case "RCPT":
                let recipient = Self.address(line)
                mail.recipients.append(recipient)
                say(reply(to: recipient))
            case "DATA":
                say("354 go on")
                while let line = input.next(), line != "." { mail.data += (line.hasPrefix(".") ? String(line.dropFirst()) : line) + "\r\n" }
                let kept = mail
                state.withLock { $0.mails.append(kept) }
                if mail.recipients.contains(where: { $0.hasPrefix("drop") && firstTime($0) }) { return }
                if mail.recipients.contains(where: { $0.hasPrefix("slow") }) { sleep(12) }
                say("250 2.0.0 Ok: queued as \(kept.data.utf8.count)A")
            case "QUIT":
                say("221 bye")
                return
            default: say("250 Ok")
            }
        }
    }

    private func reply(to recipient: String) -> String {
        if recipient.hasPrefix("reject") { return "550 5.1.1 no such person" }
        if recipient.hasPrefix("defer"), firstTime(recipient) { return "450 4.2.0 greylisted" }
        return "250 2.1.5 Ok"
    }

    private func firstTime(_ recipient: String) -> Bool { state.withLock { $0.seen.insert(recipient).inserted } }

    private static func address(_ line: String) -> String {
        guard let open = line.firstIndex(of: "<"), let close = line.firstIndex(of: ">") else { return "" }
        return String(line[line.index(after: open)..<close])
    }
}

/// Lines of a socket, without their CRLF.
private struct LineReader {
    private let descriptor: Int32
    private var buffer: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    mutating func next() -> String? {
        while true {
            if let end = buffer.firstIndex(of: 0x0A) {
                let line = buffer[..<end]
                buffer.removeSubrange(...end)
                return String(decoding: line.last == 0x0D ? line.dropLast() : line, as: UTF8.self)
            }
            var chunk = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            buffer += chunk[..<count]
        }
    }
}
