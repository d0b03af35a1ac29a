import ArgumentParser
import Foundation
import Messaging
import Postgres
import Provisioning
import ServiceKit

/// What the tool says, and how it says that something failed.
enum Console {
    static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// One line that the next one replaces, for what takes a while; nothing where nobody watches.
    static func progress(_ text: String) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
    }

    /// Columns as wide as their widest cell.
    static func table(_ rows: [[String]]) {
        let widths = rows.reduce(into: [Int]()) { widths, row in
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        for row in rows {
            let cells = zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
            say(cells.joined(separator: "  ").trimmingCharacters(in: .whitespaces))
        }
    }

    /// Runs a command's body; an error of the database, the settings or provisioning becomes a sentence and exit status 1.
    static func explaining(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as PostgresError where error.kind == .connection {
            throw CleanError("PostgreSQL cannot be reached: \(error.message)\nIs it running, and is HEARTH_ADMIN_DATABASE_URL right?")
        } catch let error as PostgresError {
            let query = error.query.map { "\nin: \($0.prefix(400))" } ?? ""
            throw CleanError("PostgreSQL refused: \(error.message)\(error.detail.map { " (\($0))" } ?? "")\(query)")
        } catch BrokerError.refused(code: 404, let text) {
            throw CleanError("RabbitMQ has no such queue (\(text)): the service makes its queues when it first starts.")
        } catch let error as BrokerError {
            throw CleanError("RabbitMQ: \(error)\nIs it running, and is HEARTH_ADMIN_AMQP_URL right?")
        } catch let error as SettingError {
            throw CleanError("\(error)")
        } catch let error as MigrationError {
            throw CleanError(
                """
                \(error.description)
                A migration that others have is never changed: add another. For one that only you have, take it back before you change it, or let \
                `make clean` forget the data.
                """)
        } catch let error as ProvisioningError {
            throw CleanError(error.description)
        }
    }
}

/// Printed as it is, without the name of a type around it.
struct CleanError: Error, CustomStringConvertible {
    var description: String
    init(_ description: String) { self.description = description }
}
