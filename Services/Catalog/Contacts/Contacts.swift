import Hummingbird
import ServiceKit
import ServiceLifecycle

/// The contacts part of the catalog: what it stands on, serves, hears and does by the clock.
struct Contacts: Sendable {
    let keys: MatchingKeyStore
    let intake: ContactIntake
    let upkeep: ContactUpkeepStore
    private let platform: Platform

    init(_ platform: Platform) throws {
        self.platform = platform
        keys = MatchingKeyStore(.catalog, postgres: platform.postgres, encryption: platform.encryption, logger: platform.logger)
        let retention = try platform.settings.duration("CONTACT_RETENTION", default: .seconds(180 * 86400))
        intake = ContactIntake(keys: keys, seals: ContactSeals(encryption: platform.encryption), retention: retention)
        upkeep = ContactUpkeepStore(postgres: platform.postgres)
    }

    private var blacklist: ContactBlacklistStore { ContactBlacklistStore(postgres: platform.postgres, keys: keys) }

    func add(to router: Router<APIContext>) {
        ContactRoutes(contacts: ContactStore(postgres: platform.postgres, intake: intake)).add(to: router)
        ContactMergeRoutes(merges: ContactMergeStore(postgres: platform.postgres, intake: intake)).add(to: router)
        ContactBlacklistRoutes(blacklist: blacklist).add(to: router)
        ContactObjectionRoutes(
            objections: ContactObjectionStore(postgres: platform.postgres, keys: keys, seals: intake.seals), limits: platform.endpointLimits
        ).add(to: router)
    }

    func listen() { ContactConsumer(intake: intake).listen(on: platform.consumer) }

    var jobs: [any Service] { [keys, ContactUpkeep(store: upkeep, blacklist: blacklist, logger: platform.logger)] }
}
