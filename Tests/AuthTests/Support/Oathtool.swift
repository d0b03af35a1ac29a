import Foundation

@testable import Auth

/// Debian's `oathtool`, which works codes out on its own.
enum Oathtool {
    private static let path = "/usr/bin/oathtool"

    static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

    static func code(of totp: TOTP, at time: Date) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = [
            "--totp=\(totp.algorithm.rawValue.lowercased())", "--base32", "--digits=\(totp.digits)", "--now=@\(Int64(time.timeIntervalSince1970))",
            Base32.encode(totp.secret),
        ]
        let output = Pipe()
        process.standardOutput = output
        return try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { _ in
                let data = (try? output.fileHandleForReading.readToEnd()) ?? nil
                continuation.resume(returning: String(decoding: data ?? Data(), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
    }
}
