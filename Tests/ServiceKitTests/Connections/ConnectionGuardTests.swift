import Foundation
import TestKit
import Testing

/// What a client may do with a connection, at the service's own port.
@Suite struct ConnectionGuardTests {
    private let quick = ["HTTP_HEADER_TIMEOUT": "2s", "HTTP_BODY_GRACE": "2s", "HTTP_STALL_TIMEOUT": "2s", "HTTP_LINGER": "1s"]

    /// Where the time is not what is tested, it shall not run out on a busy machine either.
    private let patient = ["HTTP_HEADER_TIMEOUT": "60s", "HTTP_BODY_GRACE": "60s", "HTTP_STALL_TIMEOUT": "60s", "HTTP_LINGER": "1s"]

    @Test func aHeaderThatDripsIsRefused() async throws {
        try await TestService.with(ProbeService.self, settings: quick) { service in
            let connection = try await RawConnection.open(service.url)
            try await connection.send("GET /v1/probe HTTP/1.1\r\nHost: probe\r\nX-Slow: ")
            try await eventually(within: .seconds(30)) {
                try? await connection.send("a")
                return connection.isClosed
            }
            expectProblem(connection, 408, "request-timeout")
        }
    }

    @Test func aBodyThatDripsIsRefused() async throws {
        try await TestService.with(ProbeService.self, settings: quick) { service in
            let connection = try await RawConnection.open(service.url)
            let token = try await service.identity.token(for: .test())
            try await connection.send(
                "POST /v1/probe HTTP/1.1\r\nHost: probe\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"
            )
            try await eventually(within: .seconds(30)) {
                try? await connection.send("a")
                return connection.isClosed
            }
            expectProblem(connection, 408, "request-timeout")
        }
    }

    @Test func aConnectionThatIsKeptOpenIsNotTakenForASlowHeader() async throws {
        try await TestService.with(ProbeService.self, settings: quick) { service in
            let connection = try await RawConnection.open(service.url)
            for count in 1...3 {
                try await connection.send("GET /v1/probe HTTP/1.1\r\nHost: probe\r\n\r\n")
                try await eventually(within: .seconds(30)) { connection.text.components(separatedBy: "HTTP/1.1 200").count == count + 1 }
                try await Task.sleep(for: .seconds(3))
            }
            #expect(!connection.isClosed)
            await connection.close()
        }
    }

    @Test func anAnswerThatNobodyReadsEnds() async throws {
        try await TestService.with(ProbeService.self, settings: quick) { service in
            let connection = try await RawConnection.open(service.url, reading: false)
            try await connection.send("GET /v1/probe/endless HTTP/1.1\r\nHost: probe\r\n\r\n")
            try await eventually(within: .seconds(60)) { ProbeService.endlessEnded.load(ordering: .acquiring) }
            await connection.close()
        }
    }

    @Test func aBodyThatIsTooLargeIsRefusedBeforeItHasCome() async throws {
        try await TestService.with(ProbeService.self, settings: patient) { service in
            let connection = try await RawConnection.open(service.url)
            let token = try await service.identity.token(for: .test())
            try await connection.send(
                "POST /v1/probe HTTP/1.1\r\nHost: probe\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\nContent-Length: 2147483648\r\n\r\n{"
            )
            // The client goes on, and is cut off all the same.
            try await eventually(within: .seconds(30)) {
                try? await connection.send(String(repeating: "x", count: 1000))
                return connection.isClosed
            }
            expectProblem(connection, 413, "too-large")
            #expect(connection.text.lowercased().contains("connection: close"))
        }
    }

    @Test(arguments: NoRequest.all)
    func whatIsNoRequestIsAProblem(_ request: NoRequest) async throws {
        try await TestService.with(ProbeService.self, settings: patient) { service in
            let connection = try await RawConnection.open(service.url)
            try? await connection.send(request.text)
            try await eventually(within: .seconds(30)) { connection.isClosed }
            if request.testDescription.contains("KB") {
                expectProblem(connection, 431, "header-too-large")
            } else {
                expectProblem(connection, 400, "malformed")
            }
        }
    }

    @Test func aBodyWhoseChunksAreNoneIsAProblem() async throws {
        try await TestService.with(ProbeService.self, settings: patient) { service in
            let connection = try await RawConnection.open(service.url)
            let token = try await service.identity.token(for: .test())
            try await connection.send(
                "POST /v1/probe HTTP/1.1\r\nHost: probe\r\nAuthorization: Bearer \(token)\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"
            )
            try await eventually(within: .seconds(30)) { connection.isClosed }
            expectProblem(connection, 400, "malformed")
        }
    }

    @Test(arguments: ["QUERY", "PROPFIND", "TRACE"])
    func aMethodThatNobodyKnowsIsNotAllowed(_ method: String) async throws {
        try await TestService.with(ProbeService.self) { service in
            let answer = try await service.request(.init(rawValue: method), "/v1/probe")
            #expect(answer.status == 405)
            #expect(answer.headers.first(name: "Allow") == "GET, HEAD, POST")
            #expect(try await service.request(.init(rawValue: method), "/v1/nothing").status == 404)
        }
    }

    private func expectProblem(_ connection: RawConnection, _ status: Int, _ slug: String, sourceLocation: SourceLocation = #_sourceLocation) {
        let text = connection.text
        #expect(connection.status == status, "\(text.prefix(400))", sourceLocation: sourceLocation)
        #expect(text.contains("\"urn:hearth:problem:\(slug)\""), "\(text.prefix(400))", sourceLocation: sourceLocation)
        #expect(text.lowercased().contains("x-request-id: "), sourceLocation: sourceLocation)
        #expect(text.lowercased().contains("content-type: application/problem+json"), sourceLocation: sourceLocation)
    }
}
