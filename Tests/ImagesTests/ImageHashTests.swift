import CPNG
import CTurboJPEG
import Foundation
import Testing

@testable import Images

@Suite struct ImageHashTests {
    /// A room of our own making: soft shapes whose places the number decides.
    private static func picture(_ number: Int, width: Int, height: Int) -> [UInt8] {
        (0..<height).flatMap { y in
            (0..<width).map { x in
                let (u, v) = (Double(x) / Double(width), Double(y) / Double(height))
                let phase = Double(number) * 1.7
                let light = sin(u * (5 + Double(number % 4)) + phase) * cos(v * (4 + Double(number % 3)) - phase) + 0.3 * sin((u + v) * 9 + phase * 2)
                return UInt8(max(0, min(255, 128 + light * 80)))
            }
        }
    }

    private static func jpeg(_ number: Int, width: Int, height: Int, quality: Int32) throws -> [UInt8] {
        let encoder = try #require(tjInitCompress())
        defer { tjDestroy(encoder) }
        var (buffer, size): (UnsafeMutablePointer<UInt8>?, UInt) = (nil, 0)
        let pixels = picture(number, width: width, height: height)
        let status = tjCompress2(
            encoder, pixels, Int32(width), 0, Int32(height), Int32(TJPF_GRAY.rawValue), &buffer, &size, Int32(TJSAMP_GRAY.rawValue), quality, 0)
        defer { tjFree(buffer) }
        #expect(status == 0)
        return Array(UnsafeBufferPointer(start: buffer, count: Int(size)))
    }

    private static func png(_ number: Int, width: Int, height: Int) throws -> [UInt8] {
        var image = png_image()
        hearth_png_prepare(&image)
        (image.width, image.height, image.format) = (UInt32(width), UInt32(height), UInt32(PNG_FORMAT_GRAY))
        let pixels = picture(number, width: width, height: height)
        var size = width * height * 2 + 4096
        var file = [UInt8](repeating: 0, count: size)
        #expect(png_image_write_to_memory(&image, &file, &size, 0, pixels, Int32(width), nil) != 0)
        return Array(file.prefix(size))
    }

    @Test(arguments: 0..<8)
    func `The same picture in another size, quality or format has nearly the same hash`(number: Int) async throws {
        let original = try await ImageHash.of(try Self.jpeg(number, width: 1600, height: 1200, quality: 92))
        for other in [
            try Self.jpeg(number, width: 400, height: 300, quality: 55), try Self.jpeg(number, width: 97, height: 73, quality: 80),
            try Self.png(number, width: 640, height: 480),
        ] {
            #expect(original.distance(to: try ImageHash(decoding: other)) <= 8)
        }
        #expect(original.description.wholeMatch(of: /[0-9a-f]{16}/) != nil)
    }

    @Test func `Two pictures have hashes that are far apart`() throws {
        let hashes = try (0..<8).map { try ImageHash(decoding: try Self.png($0, width: 320, height: 240)) }
        for (index, one) in hashes.enumerated() {
            for other in hashes[(index + 1)...] { #expect(one.distance(to: other) > 8) }
        }
    }

    @Test func `What is no picture, is broken or is too large is refused`() throws {
        #expect(throws: ImageError.unknownFormat) { try ImageHash(decoding: Array("<html>".utf8)) }
        #expect(throws: ImageError.unknownFormat) { try ImageHash(decoding: []) }
        #expect(throws: ImageError.unreadable) { try ImageHash(decoding: [0xFF, 0xD8, 0xFF, 0xE0, 0, 1, 2]) }
        #expect(throws: ImageError.unreadable) { try ImageHash(decoding: [0x89, 0x50, 0x4E, 0x47, 1, 2, 3]) }
        #expect(throws: ImageError.unreadable) { try ImageHash(decoding: Array(try Self.jpeg(1, width: 800, height: 600, quality: 90).prefix(2000))) }
        #expect(throws: ImageError.unreadable) { try ImageHash(decoding: Array(try Self.png(1, width: 320, height: 240).prefix(3000))) }
        #expect(throws: ImageError.tooLarge) { try ImageHash(decoding: [UInt8](repeating: 0, count: ImageHash.maximumSize + 1)) }
    }

    @Test func `A small file that says it is enormous is refused before memory is taken for it`() throws {
        var png = try Self.png(1, width: 64, height: 64)
        // The width in the header, and the header's checksum.
        png.replaceSubrange(16..<20, with: [0x00, 0x01, 0x86, 0xA0])
        png.replaceSubrange(20..<24, with: [0x00, 0x01, 0x86, 0xA0])
        var checksum: UInt32 = 0xFFFF_FFFF
        for byte in png[12..<29] {
            checksum ^= UInt32(byte)
            for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
        }
        checksum = ~checksum
        png.replaceSubrange(29..<33, with: withUnsafeBytes(of: checksum.bigEndian, Array.init))
        #expect(throws: ImageError.tooLarge) { try ImageHash(decoding: png) }
        var jpeg = try Self.jpeg(1, width: 64, height: 64, quality: 80)
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && $0 + 9 < jpeg.count && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0x00, 0xFF, 0x00])
        #expect(throws: ImageError.tooLarge) { try ImageHash(decoding: jpeg) }
    }
}
