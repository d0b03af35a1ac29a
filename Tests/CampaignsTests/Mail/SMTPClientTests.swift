import Foundation
import Testing

@testable import Campaigns

struct SMTPClientTests {
    private let message = Array("Subject: x\r\n\r\n.dot\r\nHallo\r\n".utf8)

    private func client(_ url: String, connections: Int = 1) throws -> SMTPClient {
        SMTPClient(try SMTPConfiguration(url: url, connections: connections, connectTimeout: .seconds(2), timeout: .seconds(5)))
    }

    private func envelope(_ recipients: String...) -> SMTPEnvelope { SMTPEnvelope(sender: "post@hearth.example", recipients: recipients) }

    @Test func `a mail that the server takes is told with its reply, and the connection is used again`() async throws {
        let server = SMTPScript()
        let client = try client(server.url)
        for _ in 0..<5 {
            let reply = try await client.send(envelope("ada@example.org", "bob@example.org"), message)
            #expect(reply.code == 250 && reply.queueID?.hasSuffix("A") == true)
        }
        client.close()
        #expect(server.mails.count == 5)
        #expect(server.mails[0].recipients == ["ada@example.org", "bob@example.org"])
        #expect(server.mails[0].data == String(decoding: message, as: UTF8.self))
        #expect(server.connections == 1)
        server.stop()
    }

    @Test func `a 5xx is a rejection, a 4xx a deferral, and neither spoils the next mail`() async throws {
        let server = SMTPScript()
        let client = try client(server.url)
        await #expect(throws: SMTPFailure.rejected("550 5.1.1 no such person")) { try await client.send(envelope("reject@example.org"), message) }
        await #expect(throws: SMTPFailure.deferred("450 4.2.0 greylisted")) { try await client.send(envelope("defer@example.org"), message) }
        _ = try await client.send(envelope("defer@example.org"), message)
        client.close()
        server.stop()
    }

    @Test func `a connection lost while the mail was handed over is a deferral, as nobody knows whether it was taken`() async throws {
        let server = SMTPScript()
        let client = try client(server.url)
        await #expect { try await client.send(envelope("drop@example.org"), message) } throws: { error in
            if case .deferred = error as? SMTPFailure { true } else { false }
        }
        client.close()
        server.stop()
    }

    @Test func `no server, a server that turns everyone away, and no TLS where it is required say nothing about the mail`() async throws {
        let away = SMTPScript(greeting: "554 no service")
        let plain = SMTPScript()
        let gone = SMTPScript()
        gone.stop()
        for url in [away.url, gone.url, plain.url + "?tls=required", "smtp://user:word@127.0.0.1:\(plain.port)"] {
            let client = try client(url)
            await #expect(throws: SMTPFailure.self, "\(url)") { try await client.send(envelope("ada@example.org"), message) }
            do { _ = try await client.send(envelope("ada@example.org"), message) } catch {
                guard case .unreachable = error else {
                    Issue.record("\(url): \(error)")
                    continue
                }
            }
            client.close()
        }
        #expect(plain.mails.isEmpty)
        away.stop()
        plain.stop()
    }

    @Test func `many mails at once share the connections, and none is lost`() async throws {
        let server = SMTPScript()
        let client = try client(server.url, connections: 4)
        let taken = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask { (try? await client.send(envelope("p\(number)@example.org"), message)) != nil }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(taken == 200)
        #expect(Set(server.mails.flatMap(\.recipients)).count == 200)
        #expect(server.connections <= 4)
        client.close()
        await #expect(throws: SMTPFailure.closed) { try await client.send(envelope("late@example.org"), message) }
        server.stop()
    }
}
