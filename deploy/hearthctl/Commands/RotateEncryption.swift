import ArgumentParser
import Contracts
import Postgres
import ServiceKit

/// Seals everything anew under the first key.
struct RotateEncryption: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-encryption",
        abstract: "Seals what older keys have sealed under the first of ENCRYPTION_KEYS, in small batches, while everything runs.",
        discussion: """
            1. Put the new key second in ENCRYPTION_KEYS of every service (old,new) and start the services anew, copy by copy: now all can open it.
            2. Put it first (new,old) and start them anew: now it seals.
            3. Run this with ENCRYPTION_KEYS (or ENCRYPTION_KEYS_FILE) as the services have it. Run again, it goes on with what is left.
            4. When it says that the old key is in no table any more, and no message is parked or under way, the key may go. Unsubscribe links in
               mails that have left carry it: while they are to work, leave it last in the list.
            It ends with status 1 while an older key is in use, or something could not be opened.
            """)

    @Flag(help: "Only tell which keys are in use.")
    var check = false

    @Argument(help: "The services; all of them by default.")
    var services: [ServiceName] = ServiceName.allCases

    func run() async throws {
        let (services, check) = (services, check)
        var isComplete = true
        try await Console.explaining {
            let hearth = try Operator()
            let encryption = try Encryption(keys: hearth.settings.secret("ENCRYPTION_KEYS"))
            for service in services {
                for column in SealedColumn.of(service) {
                    let name = "\(service.rawValue).\(column.table).\(column.column)"
                    let (progress, old) = try await hearth.connected(to: service) { postgres in
                        let rotation = KeyRotation(postgres, encryption: encryption)
                        let progress = check ? nil : try await rotation.rotate(column) { Console.progress("\(name): \($0.seen) seen") }
                        return (progress, try await rotation.keysInUse(column).filter { $0.key != encryption.current })
                    }
                    isComplete = isComplete && old.isEmpty && progress?.unreadable ?? 0 == 0
                    Console.say(Self.line(name, progress, old))
                }
            }
            Console.say(
                isComplete
                    ? "Everything is sealed under \(encryption.current)."
                    : "Older keys are still in use, or something could not be opened: see above.")
        }
        if !isComplete { throw ExitCode.failure }
    }

    private static func line(_ name: String, _ progress: KeyRotation.Progress?, _ old: [String: Int]) -> String {
        var words = ["\(name):"]
        if let progress { words.append("\(progress.seen) seen, \(progress.resealed) sealed anew, \(progress.unreadable) not to be opened;") }
        let keys = old.sorted { $0.key < $1.key }.map { "\($0.value) under \($0.key)" }
        words.append(keys.isEmpty ? "no older key in use" : keys.joined(separator: ", "))
        return words.joined(separator: " ")
    }
}
