import Foundation
import NIOHTTP1
import ServiceKit
import TestKit
import Testing

@testable import Documents

@Suite("A download")
struct ContentTests {
    @Test("gives the bytes, a range of them, or word that they have not changed")
    func ranges() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let document = try await stage.upload("0123456789", "filename=Gr%C3%B6%C3%9Fe%20%22A%22.txt", as: caller)
            let path = "/v1/documents/\(document.id)/content"
            func get(_ headers: HTTPHeaders = [:]) async throws -> TestResponse { try await stage.service.get(path, as: caller, headers: headers) }

            let whole = try await get()
            #expect(whole.status == 200 && whole.text == "0123456789")
            let tag = "\"\(document.fileHash)\""
            #expect(whole.headers.first(name: "ETag") == tag)
            #expect(whole.headers.first(name: "Content-Type") == "text/plain")
            #expect(whole.headers.first(name: "Content-Length") == "10")
            #expect(whole.headers.first(name: "X-Content-Type-Options") == "nosniff")
            #expect(
                whole.headers.first(name: "Content-Disposition")
                    == "attachment; filename=\"Gr__e _A_.txt\"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%22A%22.txt")

            let part = try await get(["Range": "bytes=2-4"])
            #expect(part.status == 206 && part.text == "234")
            #expect(part.headers.first(name: "Content-Range") == "bytes 2-4/10")
            #expect(try await get(["Range": "bytes=-3"]).text == "789")
            let beyond = try await get(["Range": "bytes=10-"])
            #expect(beyond.status == 416 && beyond.headers.first(name: "Content-Range") == "bytes */10")
            #expect(try await get(["Range": "bytes=2-4", "If-Range": tag]).status == 206)
            #expect(try await get(["Range": "bytes=2-4", "If-Range": "\"other\""]).text == "0123456789")
            for same in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
                let answer = try await get(["If-None-Match": same])
                #expect(answer.status == 304 && answer.body.isEmpty)
            }
            let head = try await stage.service.request(.HEAD, path, as: caller)
            #expect(head.status == 200 && head.headers.first(name: "Content-Length") == "10")
        }
    }

    @Test("of many megabytes is the very bytes that came")
    func large() async throws {
        try await DocumentStage.with { stage in
            let caller = Caller.test()
            let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
            let document: Document = try await stage.send(.with(file: bytes, named: "big.bin"), as: caller).json()
            let path = "/v1/documents/\(document.id)/content"
            #expect(try await stage.service.get(path, as: caller).body == bytes)
            let end = try await stage.service.get(path, as: caller, headers: ["Range": "bytes=1000000-2000000"])
            #expect(end.body == Array(bytes[1_000_000...2_000_000]))
        }
    }
}
