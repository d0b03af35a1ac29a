import Foundation
import Testing

@testable import Auth

@Suite struct ZipWriterTests {
    @Test func `Another reader finds every file as it was, whatever its name, size and content`() throws {
        var random = SystemRandomNumberGenerator()
        let noise = Data((0..<700_000).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let files = [
            "auth.json": Data("{}".utf8), "documents/files/Mietvertrag für Zoë – 房.pdf": noise, "empty.txt": Data(),
            "long.json": Data(repeating: 32, count: 3_000_000),
        ]
        let archive = try ZipWriter(at: Date(timeIntervalSince1970: 1_790_000_000))
        var bytes: [UInt8] = []
        for (name, content) in files.sorted(by: { $0.key < $1.key }) {
            try archive.begin(name, size: Int64(content.count))
            for start in stride(from: 0, to: content.count, by: 262_144) {
                try archive.write(content[start..<min(start + 262_144, content.count)])
                let ready = archive.take()
                // What is ready is handed on: nothing piles up.
                #expect(ready.readableBytes < 400_000)
                bytes += Array(buffer: ready)
            }
        }
        try archive.close()
        bytes += Array(buffer: archive.take())
        #expect(try Unzipped(bytes).files == files)
    }

    @Test func `An archive of nothing is one, too, and one that was given up leaves nothing behind`() throws {
        let empty = try ZipWriter(at: Date())
        try empty.close()
        #expect(try Unzipped(Array(buffer: empty.take())).files.isEmpty)
        let given = try ZipWriter(at: Date())
        try given.begin("half.bin", size: 10)
        try given.write(Data([1, 2, 3]))
        #expect(throws: ZipWriter.Failure.self) { try given.write(Data(repeating: 0, count: 20)) }
    }
}
