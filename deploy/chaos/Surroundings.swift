import ClientKit
import Foundation

/// What the tool knows of the system that it drives, as `make env` prints it. Services and their addresses come from `HEARTH_SERVICES`.
struct Surroundings: Sendable {
    static let administrator = "administrator@hearth.example"

    var gateway: HearthClient
    var mail: MailCatcher
    var sitePort: Int
    var services: [String]
    /// The administrator's way to the database that the services share.
    var databaseURL: String
    var redisURL: String
    var managementURL: String
    var vhost: String
    var administratorPassword: String
    /// Where each process keeps its pid.
    var runFolder: URL
    var scripts: LocalScript
    private var urls: [String: String]
    private var adminURLs: [String: String]

    init(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        func required(_ name: String) throws -> String {
            guard let value = environment[name], !value.isEmpty else {
                throw StepFailure("\(name) is not set. Run this with `make chaos` or `make soak`, which start a system of their own.")
            }
            return value
        }
        gateway = HearthClient(baseURL: try required("HEARTH_GATEWAY_URL"))
        mail = MailCatcher(try required("HEARTH_MAIL_URL"))
        guard let port = Int(try required("HEARTH_DEMO_SITE_PORT")) else { throw StepFailure("HEARTH_DEMO_SITE_PORT is not a port.") }
        sitePort = port
        services = try required("HEARTH_SERVICES").split(separator: " ").map(String.init)
        vhost = try required("HEARTH_VHOST")
        guard var database = URLComponents(string: try required("HEARTH_ADMIN_DATABASE_URL")) else {
            throw StepFailure("HEARTH_ADMIN_DATABASE_URL is not a URL.")
        }
        database.path = "/" + (try required("HEARTH_DATABASE"))
        databaseURL = database.string ?? ""
        redisURL = try required("HEARTH_REDIS_URL")
        managementURL = try required("HEARTH_AMQP_MANAGEMENT_URL")
        let secrets = try required("HEARTH_SECRETS_PATH")
        guard let password = try? String(contentsOfFile: secrets + "/administrator_password", encoding: .utf8) else {
            throw StepFailure("There is no \(secrets)/administrator_password.")
        }
        administratorPassword = password.trimmingCharacters(in: .whitespacesAndNewlines)
        runFolder = URL(fileURLWithPath: try required("HEARTH_RUN_PATH"))
        scripts = LocalScript(folder: URL(fileURLWithPath: try required("HEARTH_SCRIPTS_PATH")), environment: environment)
        urls = try Dictionary(uniqueKeysWithValues: services.map { ($0, try required("HEARTH_\($0.uppercased())_URL")) })
        adminURLs = try Dictionary(uniqueKeysWithValues: services.map { ($0, try required("HEARTH_\($0.uppercased())_ADMIN_URL")) })
    }

    func url(of service: String) -> String { urls[service] ?? "" }
    func admin(of service: String) -> HearthClient { HearthClient(baseURL: adminURLs[service] ?? "") }

    func signInAdministrator() async throws -> Person {
        try await Person.signIn(Self.administrator, password: administratorPassword, at: gateway)
    }

    /// The process of a service or server, or nil while it does not run.
    func pid(of name: String) -> Int? {
        let file = runFolder.appendingPathComponent("\(name).pid")
        return (try? String(contentsOf: file, encoding: .utf8)).flatMap { $0.split(separator: " ").first }.flatMap { Int($0) }
    }
}
