import Contracts
import Foundation
import Logging
import Messaging
import Synchronization
import TestKit

/// The six other services, as far as exports go: each holds two pages of rows, documents a file besides. Those that are away do not answer.
enum OtherServices {
    static let file = Data((0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    static let fileID = UUID(uuidString: "019a0000-0000-7000-8000-00000000abcd") ?? UUID()

    static func answering(
        _ services: [ServiceName] = ServiceName.allCases.filter { $0 != .auth }, on broker: TestBroker,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard let service = services.first else { return try await body() }
        try await broker.connected(service) { connection in
            let requests = Requests(connection, service: service.rawValue, logger: Logger(label: "test"))
            answer(service, requests)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await requests.run() }
                try await answering(Array(services.dropFirst()), on: broker, body)
                group.cancelAll()
            }
        }
    }

    private static func answer(_ service: ServiceName, _ requests: Requests) {
        switch service {
        case .auth: break
        case .catalog: answer(Owners.Catalog.self, requests)
        case .documents: answer(Owners.Documents.self, requests)
        case .campaigns: answer(Owners.Campaigns.self, requests)
        case .alerts: answer(Owners.Alerts.self, requests)
        case .scraper: answer(Owners.Scraper.self, requests)
        case .analytics: answer(Owners.Analytics.self, requests)
        }
    }

    private static func answer<Owner: ServiceOwner>(_ owner: Owner.Type, _ requests: Requests) {
        requests.answer(ExportPersonalData<Owner>.self) { request, _ in
            switch request.cursor {
            case nil: return PersonalDataPage(json: #"{"rows":[{"user_id":"\#(request.userID.uuidString.lowercased())"}"#, rows: 1, nextCursor: "2")
            case "2": return PersonalDataPage(json: "]}\n", nextCursor: Owner.service == .documents ? "0" : nil)
            default: return chunk(at: request.cursor.flatMap { Int($0) } ?? 0)
            }
        }
    }

    private static func chunk(at offset: Int) -> PersonalDataPage {
        let bytes = file.dropFirst(offset).prefix(256 * 1024)
        let end = offset + bytes.count
        let chunk = PersonalFileChunk(id: fileID, name: "Mietvertrag/2026.pdf", size: Int64(file.count), offset: Int64(offset), bytes: Data(bytes))
        return PersonalDataPage(file: chunk, nextCursor: end < file.count ? String(end) : nil)
    }
}
