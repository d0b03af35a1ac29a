import Foundation
import ServiceKit

extension Caller {
    /// Agencies for which the caller may start jobs: as their agent or more.
    var scrapingAgencies: [UUID] {
        agencies.filter { [.owner, .admin, .agent].contains($0.role) }.map(\.agencyID)
    }

    /// Jobs reach out into the world in Hearth's name: moderators, administrators and agents may start them.
    var mayScrape: Bool {
        role != .user || !scrapingAgencies.isEmpty
    }
}
