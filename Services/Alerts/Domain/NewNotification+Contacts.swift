import Contracts
import Foundation

extension NewNotification {
    /// A job of a person's has found contacts: once per job, however often it ends.
    init(_ ended: ContactDiscoveryEnded, locale: String) {
        let isGerman = locale.lowercased().hasPrefix("de")
        let (found, listings) = (ended.contactsValidated, ended.listingsProcessed)
        let title =
            isGerman
            ? found == 1 ? "Ein Kontakt gefunden" : "\(found) Kontakte gefunden"
            : found == 1 ? "One contact found" : "\(found) contacts found"
        let message =
            isGerman
            ? listings == 1 ? "In einer Anzeige wurde gesucht." : "In \(listings) Anzeigen wurde gesucht."
            : listings == 1 ? "One listing was looked through." : "\(listings) listings were looked through."
        let job = ended.jobID.uuidString.lowercased()
        self.init(
            userID: ended.userID, subjectKey: "contacts:\(job)", type: .contactFound, title: title, message: message,
            data: ["job_id": job, "contacts": String(found)], category: .searchResults)
    }
}
