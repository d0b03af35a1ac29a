import ContactValues
import Contracts
import Foundation
import Messaging
import Postgres
import ServiceKit

extension DiscoveryResultStore {
    enum Decision: Sendable {
        case decided(DiscoveryResult)
        case notFound
        /// Its job has not validated it yet.
        case notValidated
        /// The catalog has it already, or is about to.
        case isTaken
        /// None of its values can be right.
        case nothingUsable
    }

    /// Takes a result that the rules have not taken: what can be right of it is told to the catalog, which answers as it always does.
    func accept(_ id: UUID, as caller: Caller) async throws -> Decision {
        try await decide(id, as: caller) { sealed, tx in
            guard !sealed.result.isAccepted else { return .isTaken }
            let verdict = ContactVerdict(values: try seals.open(sealed.values), confidence: sealed.result.fieldConfidence, minimum: 0)
            let job: DiscoveryJob? = try await tx.first(
                "SELECT \(DiscoveryJob.columns) FROM contact_discovery_jobs j WHERE j.id = \(sealed.result.jobID)")
            guard let job else { return .notFound }
            let wanted = job.providerConfig?.wanted ?? Set(ContactField.allCases)
            let found = DiscoveryWorkStore.found(sealed, verdict, wanted: wanted, of: job)
            guard verdict.rejection == nil, !found.sealedData.isEmpty else { return .nothingUsable }
            try await tx.publish(found)
            return try await settle(id, "is_accepted = true, is_final = false, rejection_reason = NULL", as: caller, reason: nil, in: tx)
        }
    }

    /// Passes a result over for good. One that the catalog has made a contact of is that contact's matter.
    func reject(_ id: UUID, reason: String, as caller: Caller) async throws -> Decision {
        try await decide(id, as: caller) { sealed, tx in
            guard !sealed.result.isAccepted else { return .isTaken }
            return try await settle(
                id, "is_accepted = false, is_final = true, rejection_reason = \(reason)", as: caller, reason: reason, in: tx)
        }
    }

    /// The row is locked, so of several who decide at once the later ones meet what the first one has done.
    private func decide(
        _ id: UUID, as caller: Caller, _ act: @Sendable (DiscoveryWorkStore.Sealed, Transaction) async throws -> Decision
    ) async throws -> Decision {
        try await postgres.transaction(as: caller) { tx in
            let sealed: DiscoveryWorkStore.Sealed? = try await tx.first(
                "SELECT \(DiscoveryWorkStore.Sealed.columns) FROM contact_discovery_results r WHERE r.id = \(id) FOR UPDATE OF r")
            guard let sealed else { return .notFound }
            guard sealed.result.validationStatus != .pending else { return .notValidated }
            return try await act(sealed, tx)
        }
    }

    private func settle(_ id: UUID, _ change: SQL, as caller: Caller, reason: String?, in tx: Transaction) async throws -> Decision {
        let result: DiscoveryResult? = try await tx.first(
            "UPDATE contact_discovery_results r SET \(change) WHERE r.id = \(id) RETURNING \(DiscoveryResult.columns)")
        guard let result else { return .notFound }
        try await tx.publish(
            ContactResultDecided(resultID: id, jobID: result.jobID, userID: caller.userID, isAccepted: result.isAccepted, reason: reason))
        return .decided(result)
    }
}
