import Foundation

/// What was said about one mail: the bytes still to be read, the last command, the last reply.
final class SMTPConversation {
    private let message: [UInt8]
    private var position = 0
    private var lastCommand = ""
    private var lastReply: SMTPReply?
    private var isOver = false

    init(_ message: [UInt8]) { self.message = message }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(buffer.count, message.count - position)
        message.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count])) }
        position += count
        return count
    }

    func observe(_ line: String, sent: Bool) {
        let line = line.trimmingCharacters(in: .whitespacesAndNewlines)
        if sent {
            let command = line.prefix { $0 != " " }.uppercased()
            // After a refusal libcurl says goodbye, which has nothing to do with the mail.
            guard command != "QUIT" else { return isOver = true }
            lastCommand = command
            lastReply = nil
        } else if !isOver, let reply = SMTPReply(line: line) {
            lastReply = reply
        }
    }

    /// `problem` is what libcurl says went wrong, nil when nothing did.
    func outcome(_ problem: String?) -> Result<SMTPReply, SMTPFailure> {
        if problem == nil, let lastReply, (200..<300).contains(lastReply.code) { return .success(lastReply) }
        let said = lastReply.map(\.description) ?? problem ?? "the server said nothing"
        guard ["MAIL", "RCPT", "DATA"].contains(lastCommand) else { return .failure(.unreachable(said)) }
        switch lastReply?.code ?? 0 {
        // Both ask for authentication: the settings are wrong, not the mail.
        case 530, 538: return .failure(.unreachable(said))
        case 500..<600: return .failure(.rejected(said))
        case 400..<500: return .failure(.deferred(said))
        default: return .failure(position > 0 ? .deferred("\(problem ?? said) while the mail was being handed over") : .unreachable(problem ?? said))
        }
    }
}
