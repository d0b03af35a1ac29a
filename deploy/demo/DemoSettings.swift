import ClientKit
import Foundation

/// What the demonstration knows of the running system, as `make env` prints it.
struct DemoSettings: Sendable {
    static let administrator = "administrator@hearth.example"

    var gatewayURL: String
    var mailURL: String
    var sitePort: Int
    var administratorPassword: String
    var realData: URL?

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        func required(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw StepFailure("\(name) is not set. Start Hearth with `make run`, then run this with `make demo`.")
            }
            return value
        }
        gatewayURL = try required("HEARTH_GATEWAY_URL")
        mailURL = try required("HEARTH_MAIL_URL")
        guard let port = Int(try required("HEARTH_DEMO_SITE_PORT")) else { throw StepFailure("HEARTH_DEMO_SITE_PORT is not a port.") }
        sitePort = port
        let file = try required("HEARTH_SECRETS_PATH") + "/administrator_password"
        guard let password = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw StepFailure("There is no \(file); `make run` makes it, and the account \(Self.administrator).")
        }
        administratorPassword = password.trimmingCharacters(in: .whitespacesAndNewlines)
        if let path = environment["HEARTH_REAL_DATA"], FileManager.default.fileExists(atPath: path + "/listings") {
            realData = URL(fileURLWithPath: path)
        }
    }
}
