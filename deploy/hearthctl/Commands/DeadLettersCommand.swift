import ArgumentParser
import Contracts
import Foundation
import Messaging

/// Messages that a service could not process.
struct DeadLettersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dead-letters", abstract: "Lists, shows, replays or drops the messages that a service has parked.",
        subcommands: [List.self, Show.self, Replay.self, Drop.self])

    static func letters(of service: ServiceName) throws -> DeadLetters {
        DeadLetters(url: try Operator().brokerURL(), service: service.rawValue)
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the oldest ones with their reasons.")
        @Argument(help: "The service.") var service: ServiceName
        @Option(help: "How many at most.") var limit = 100

        func run() async throws {
            try await Console.explaining {
                let letters = try await DeadLettersCommand.letters(of: service).list(limit)
                guard !letters.isEmpty else { return Console.say("\(service.rawValue) has parked nothing.") }
                let rows = letters.map { [$0.id, $0.type ?? "?", "\($0.attempts)", $0.parkedAt ?? "-", "\($0.reason): \($0.error ?? "")"] }
                Console.table([["ID", "TYPE", "ATTEMPTS", "PARKED", "REASON"]] + rows)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Shows one with its body.")
        @Argument(help: "The service.") var service: ServiceName
        @Argument(help: "The message's id, from the list.") var id: String

        func run() async throws {
            try await Console.explaining {
                guard let letter = try await DeadLettersCommand.letters(of: service).show(id) else {
                    throw CleanError("\(service.rawValue) has parked no message \(id).")
                }
                Console.table([
                    ["id", letter.id], ["type", letter.type ?? "cannot be read"], ["reason", letter.reason], ["error", letter.error ?? "-"],
                    ["attempts", "\(letter.attempts)"], ["first failure", letter.firstFailure ?? "-"], ["parked", letter.parkedAt ?? "-"],
                ])
                Console.say(String(decoding: letter.body, as: UTF8.self))
            }
        }
    }

    struct Replay: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Puts one, or with --all every one, back into the service's queue.")
        @Argument(help: "The service.") var service: ServiceName
        @OptionGroup var which: Which

        func run() async throws {
            try await Console.explaining {
                let count = try await DeadLettersCommand.letters(of: service).replay(which.id)
                Console.say("\(count) replayed.")
                if count == 0, which.id != nil { throw ExitCode.failure }
            }
        }
    }

    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Deletes one, or with --all every one, for good.")
        @Argument(help: "The service.") var service: ServiceName
        @OptionGroup var which: Which

        func run() async throws {
            try await Console.explaining {
                let count = try await DeadLettersCommand.letters(of: service).drop(which.id)
                Console.say("\(count) dropped.")
                if count == 0, which.id != nil { throw ExitCode.failure }
            }
        }
    }

    /// Everything is never meant by leaving something out.
    struct Which: ParsableArguments {
        @Argument(help: "The message's id, from the list.") var id: String?
        @Flag(help: "Every parked message of the service.") var all = false

        func validate() throws {
            guard (id != nil) != all else { throw ValidationError("Name one message, or say --all.") }
        }
    }
}
