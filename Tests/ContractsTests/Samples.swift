import Contracts
import Foundation
import Messaging

/// One sample of every message, every field set: the golden files and the AsyncAPI document's schemas are made from them.
enum Samples {
    static let events: [any Event] = [
        UserRegistered(user: user), UserUpdated(user: user, before: user, changedFields: ["locale"]), UserDeleted(userID: id(1), version: 3),
        SessionStarted(sessionID: id(2), userID: id(1), methods: ["pwd", "otp", "mfa"]),
        SessionRevoked(sessionID: id(2), userID: id(1), reason: "signed_out"),
        SigningKeyRotated(id: id(3), keyID: "key-1"),
        AgencyFounded(agency: agency), AgencyUpdated(agency: agency, before: agency, changedFields: ["name"]),
        AgencyDeleted(agencyID: id(7), version: 3),
        MembershipChanged(
            agencyID: id(7), userID: id(1), change: "changed",
            membership: MembershipState(role: "admin", permissions: ["scraping.run"], status: "active"),
            before: MembershipState(role: "agent", permissions: [], status: "active")),
        InvitationSent(invitationID: id(12), agencyID: id(7), role: "agent", permissions: ["templates.manage"]),
        InvitationAnswered(invitationID: id(12), agencyID: id(7), answer: "accepted", userID: id(1)),
        TeamChanged(teamID: id(13), agencyID: id(7), change: "member_added", userID: id(1), leadUserID: id(2)),
        AccountChanged(
            userID: id(1), change: "suspended", before: AccountState(status: "active", role: "user", email: "a@example.org", failedLoginAttempts: 5),
            after: AccountState(status: "suspended", role: "user", email: "b@example.org", failedLoginAttempts: 0), reason: "spam"),
        ConsentChanged(userID: id(1), purpose: "marketing", isGiven: true, textVersion: "2026-11"),
        DataExportRequested(exportID: id(16), userID: id(1)),
        APIKeyCreated(
            keyID: id(14), userID: id(1), agencyID: id(7), keyPrefix: "hearth_0a1b2c3d4e", scopes: ["documents.read"],
            expiresAt: Date(timeIntervalSince1970: 1_800_000_000), replaces: id(15)),
        APIKeyRevoked(keyID: id(14), userID: id(1), agencyID: id(7), reason: "revoked"),
        ReportFiled(
            reportID: id(16), reporterID: id(1), entityType: "listing", entityID: id(4), reportedUserID: id(2), category: "scam", severity: "high"),
        ReportUpdated(
            reportID: id(16), change: "resolved",
            report: ReportState(
                status: "resolved", category: "scam", severity: "high", assignedModerator: id(17), escalatedTo: id(18), resolution: "removed"),
            before: ReportState(
                status: "escalated", category: "scam", severity: "high", assignedModerator: id(17), escalatedTo: id(18), resolution: "none yet"),
            version: 4),
        ModeratorActionTaken(
            action: moderatorAction, moderatorID: id(17), reportID: id(16),
            before: ModeratedState(status: "active", isRestricted: false, isRemoved: false),
            after: ModeratedState(status: "suspended", isRestricted: true, isRemoved: true), riskLevel: "high"),
        ModeratorActionLifted(
            action: moderatorAction, cause: "reversed", reversedBy: id(18), reversalReason: "The appeal is granted.",
            before: ModeratedState(status: "suspended", isRestricted: true, isRemoved: true),
            after: ModeratedState(status: "active", isRestricted: false, isRemoved: false), riskLevel: "medium"),
        ContentRemoved(entityType: "listing", entityID: id(4), actionID: id(19), version: 1),
        ContentRestored(entityType: "listing", entityID: id(4), actionID: id(19), version: 2),
        SessionSteppedUp(sessionID: id(2), userID: id(1), method: "totp"),
        SecondFactorChanged(userID: id(1), factorID: id(16), factorType: "totp", change: "added"),
        SecondFactorFailed(userID: id(1), method: "totp", purpose: "sign_in", reason: "wrong_code"),
        OAuthConnectionChanged(userID: id(1), connectionID: id(20), provider: "google", change: "connected"),
        ConfigurationChanged(
            settingID: id(20), key: "catalog.match_threshold", change: "updated", before: setting("0.6"), after: setting("0.7"),
            changedFields: ["value"], riskLevel: "high", version: 2),
        FeatureFlagChanged(
            flagID: id(21), name: "match_explanations", change: "updated", before: FeatureFlagState(enabled: false, config: flagRules),
            after: FeatureFlagState(enabled: true, config: flagRules), version: 3),
        RateLimitBlocked(block: block, reason: "refused again and again: sign_in", isAutomatic: true, riskLevel: "high"),
        RateLimitUnblocked(block: block, riskLevel: "medium"),
        SecurityNoted(
            id: id(24), act: "account_locked", userID: id(1), success: false, riskLevel: "high", before: ["failed_login_attempts": "4"],
            after: ["failed_login_attempts": "5"]),
        ListingCreated(listing: listing), ListingUpdated(listing: listing, changedFields: ["rent_netto"]),
        ListingMatched(
            listing: listing, searchID: id(5), searchName: "Altbau", userID: id(1), relevanceScore: 0.75, shares: ["city": 0.5, "type": 0.25]),
        SearchSaved(searchID: id(5), userID: id(1), searchName: "Altbau", isActive: true, version: 2),
        SearchDeleted(searchID: id(5), userID: id(1), version: 3),
        ListingPriceChanged(
            listing: listing, before: price, after: price, happenedAt: Date(timeIntervalSince1970: 1_795_000_000)),
        ListingStatusChanged(
            listingID: id(4), homeID: id(25), before: "active", after: "inactive", reason: "unseen",
            happenedAt: Date(timeIntervalSince1970: 1_795_000_000), version: 3),
        ListingRelisted(
            listing: listing, previousListingID: id(26), goneSince: Date(timeIntervalSince1970: 1_790_000_000),
            happenedAt: Date(timeIntervalSince1970: 1_795_000_000)),
        HomeChanged(homeID: id(25), change: "joined", listingIDs: [id(4)], before: [id(27)], reason: "likeness", likeness: 7.5),
        FavoriteChanged(
            favoriteID: id(37), userID: id(1), change: .price, listing: listing, before: price, after: price,
            happenedAt: Date(timeIntervalSince1970: 1_795_000_000)),
        DocumentUploaded(
            documentID: id(6), uploadedBy: id(1), agencyID: id(7), documentType: "application", mimeType: "application/pdf", fileSize: 1024,
            fileHash: String(repeating: "a", count: 64), version: 1),
        DocumentUpdated(documentID: id(6), changedFields: ["title"], version: 2), DocumentDeleted(documentID: id(6), version: 3),
        EmailSent(emailID: id(8), userID: id(1), template: "new_listing", reference: id(9)),
        EmailFailed(emailID: id(8), userID: id(1), reason: "rejected", reference: id(9)),
        EmailUnsubscribed(userID: id(1), emailID: id(8), category: "new_listing"),
        NotificationCreated(notificationID: id(9), userID: id(1), sequence: 12, type: "new_listing", title: "Neue Wohnung"),
        NotificationRead(notificationID: id(9), userID: id(1)),
        ChannelChanged(channelID: id(9), userID: id(1), channelType: "webhook", act: .verified),
        SMSSent(smsID: id(17), userID: id(1), kind: "security_code"),
        SMSFailed(smsID: id(17), userID: id(1), kind: "security_code", reason: "no_provider"),
        ScrapingJobStarted(jobID: id(10), userID: id(1), jobType: "search"),
        ScrapingJobEnded(
            jobID: id(10), userID: id(1), status: "failed", totalItems: 3, processedItems: 2, failedItems: 1, errorMessage: "timeout"),
        ListingRead(jobID: id(10), artifactID: id(11), listing: readListing, fetchedAt: Date(timeIntervalSince1970: 1_795_000_000)),
        PageFailed(jobID: id(10), url: "https://example.org/1", reason: "http_status", detail: "404"),
        ReaderDrifted(
            driftID: id(12), provider: "wg_gesucht", field: "rent_netto", pastShare: Decimal(string: "0.98") ?? 0,
            recentShare: Decimal(string: "0.1") ?? 0,
            pages: 30),
        ContactDiscoveryStarted(jobID: id(30), userID: id(1), jobType: "contact_extraction"),
        ContactDiscoveryEnded(
            jobID: id(30), userID: id(1), status: "completed", listingsProcessed: 3, contactsExtracted: 2, contactsValidated: 1, errorsCount: 1,
            errorMessage: "unreadable: the document is encrypted"),
        ContactFound(
            resultID: id(31), jobID: id(30), userID: id(1), provider: "wg_gesucht", providerListingID: "2", contactType: "landlord", method: "pdf",
            sealedData: ["email": "c2VhbGVk"], fieldConfidence: ["email": 0.9], fieldMethods: ["email": "plain"], confidenceScore: 0.9,
            validationStatus: "valid", foundAt: Date(timeIntervalSince1970: 1_795_000_000)),
        ContactResultRevealed(resultID: id(31), jobID: id(30), userID: id(1), fields: ["email"]),
        ContactResultDecided(resultID: id(31), jobID: id(30), userID: id(1), isAccepted: false, reason: "an agency of its own"),
        ContactRecorded(
            resultID: id(31), contactID: id(32), listingID: id(4), userID: id(1), outcome: "created", reason: "blacklisted",
            duplicateProbability: 0.85, version: 1),
        ContactRevealed(contactID: id(32), userID: id(1), fields: ["email", "phone"], purpose: "to ask for a viewing"),
        ContactErased(
            contactID: id(32), reason: "objection", listings: [ContactErased.Listing(provider: "wg_gesucht", providerListingID: "2")]),
        ContactMergeDecided(mergeID: id(33), contactID: id(32), duplicateID: id(34), status: "accepted", userID: id(1)),
        ContactBlacklistChanged(entryID: id(35), kind: "email", change: "added", reason: "objection"),
        ContactObjectionDecided(objectionID: id(36), status: "accepted", contacts: 2),
        HomeApplicationSent(applicationID: id(37), userID: id(1), listingID: id(12)),
    ]

    static let commands: [any Command] = [
        SendEmail(
            emailID: id(8), userID: id(1), toEmail: "mia@example.org", toName: "Mia", template: "new_listing", locale: "de-DE",
            data: ["title": "Altbau", "urgent": .flag(true), "listings": .list([["city": "Berlin"]])], type: "notification",
            sealedData: ["code": "c2VhbGVk"], reference: id(9), repliesToUser: true),
        SendSMS(
            smsID: id(17), userID: id(1), kind: "security_code", locale: "de-DE", sealedTo: "c2VhbGVk", sealedData: ["code": "c2VhbGVk"],
            expiresAt: Date(timeIntervalSince1970: 1_800_000_000)),
        TellPerson(
            userID: id(1), key: "contact:1", type: "contact_found", title: "Kontakt gefunden", message: "Hausverwaltung Nord, 030 1234567",
            data: ["listing_id": "1"], actionURL: "https://homes.test/1", category: "search_results", priority: "urgent", tags: ["kontakt"],
            listingID: id(3), homeID: id(4), scheduledFor: Date(timeIntervalSince1970: 1_800_000_000),
            expiresAt: Date(timeIntervalSince1970: 1_800_003_600)),
        TellLead(
            leadID: id(5), key: "viewing:1", type: "viewing_reminder", channel: "sms", sealedTo: "c2VhbGVk", toName: "Käthe Beispiel",
            locale: "de-DE",
            template: "notice", data: ["title": "Besichtigung"], title: "Besichtigung", message: "Morgen um 10 Uhr", priority: "high",
            scheduledFor: Date(timeIntervalSince1970: 1_800_000_000), expiresAt: Date(timeIntervalSince1970: 1_800_003_600)),
        ReportRateLimits(
            processID: id(22),
            windows: [
                RateLimitWindow(
                    identifier: "192.0.2.7", identifierType: "ip", endpoint: "anonymous", limitPerWindow: 600, windowSeconds: 60,
                    windowStart: Date(timeIntervalSince1970: 1_795_000_020), requestCount: 610, refusedCount: 10)
            ]),
        RecordErasure(
            userID: id(1),
            tables: [ErasedTable(table: "notifications", action: "deleted", rows: 3, remaining: 0, reason: "none is left")]),
    ]

    static let requests: [any Request] = [
        ResolveSession(userID: id(1), sessionID: id(2)), ResolveAPIKey(keyHash: "sGQGD6vNv_4qhxJ5LUdZ9dNoQz-ZqAHU7Hi2gCFsMI4"), ListSigningKeys(),
        ListConfiguration(),
        ExportPersonalData<Owners.Catalog>(userID: id(1), cursor: "e30"), ExportPersonalData<Owners.Documents>(userID: id(1), cursor: "e30"),
        ExportPersonalData<Owners.Campaigns>(userID: id(1), cursor: "e30"), ExportPersonalData<Owners.Alerts>(userID: id(1), cursor: "e30"),
        ExportPersonalData<Owners.Scraper>(userID: id(1), cursor: "e30"), ExportPersonalData<Owners.Analytics>(userID: id(1), cursor: "e30"),
    ]

    static let responses: [String: any Encodable & Sendable] = [
        ResolveSession.name: ResolveSession.Response(
            session: SessionSnapshot(
                userID: id(1), sessionID: id(2), permissions: ["listings.read"], locale: "de-DE", timezone: "Europe/Berlin",
                expiresAt: Date(timeIntervalSince1970: 1_800_000_000), role: "user", memberships: [membership], emailVerified: true,
                isRestricted: false, mfaEnabled: true, secondFactorAt: Date(timeIntervalSince1970: 1_800_000_000))),
        ResolveAPIKey.name: ResolveAPIKey.Response(
            key: APIKeySnapshot(
                keyID: id(14), userID: id(1), scopes: ["documents.read"], memberships: [membership], emailVerified: true,
                expiresAt: Date(timeIntervalSince1970: 1_800_000_000), isRestricted: false)),
        ListSigningKeys.name: ListSigningKeys.Response(jwks: #"{"keys":[]}"#),
        ListConfiguration.name: ListConfiguration.Response(
            settings: [
                SettingSnapshot(key: "mail.api_key", value: "0.6", sealedValue: "c2VhbGVk", isPublic: false, requiresRestart: true)
            ],
            flags: [FeatureFlagSnapshot(name: "match_explanations", enabled: true, config: flagRules)], blocks: [block]),
        ExportPersonalData<Owners.Catalog>.name: personalData, ExportPersonalData<Owners.Documents>.name: personalData,
        ExportPersonalData<Owners.Campaigns>.name: personalData, ExportPersonalData<Owners.Alerts>.name: personalData,
        ExportPersonalData<Owners.Scraper>.name: personalData, ExportPersonalData<Owners.Analytics>.name: personalData,
    ]

    static var messages: [any Message] { events as [any Message] + commands as [any Message] + requests as [any Message] }

    private static func id(_ number: Int) -> UUID { UUID(namespace: "sample", String(number)) }

    private static let personalData = PersonalDataPage(
        json: "{}", rows: 1, file: PersonalFileChunk(id: id(6), name: "contract.pdf", size: 3, offset: 0, bytes: Data("abc".utf8)),
        nextCursor: "e30")

    private static let membership = AgencyMembershipSnapshot(agencyID: id(7), role: "agent", permissions: ["templates.manage"])

    private static let agency = AgencySnapshot(
        id: id(7), kind: "brokerage", name: "Keller & Co", subscriptionTier: "professional", subscriptionStatus: "active",
        subscriptionExpiresAt: Date(timeIntervalSince1970: 1_800_000_000), version: 2)

    private static let user = UserSnapshot(
        id: id(1), email: "mia@example.org", fullName: "Mia Muster", firstName: "Mia", lastName: "Muster", locale: "de-DE",
        timezone: "Europe/Berlin", role: "user", userType: "seeker", status: "active", emailVerified: true, version: 2)

    private static let block = RateLimitBlockSnapshot(
        id: id(23), identifier: "192.0.2.7", identifierType: "ip", expiresAt: Date(timeIntervalSince1970: 1_800_000_000))

    private static let flagRules = FeatureFlagRules(
        rules: [.init(users: [id(1)], agencies: [id(7)], percentage: 12.5, value: true)], fallback: false)

    private static func setting(_ value: String) -> SettingState {
        SettingState(value: value, isActive: true, isPublic: false, isSensitive: false)
    }

    private static let moderatorAction = ModeratorActionState(
        actionID: id(19), actionType: "user_suspended", severity: "high", reason: "Scam", targetEntityType: "user", targetEntityID: id(2),
        targetUserID: id(2), expiresAt: Date(timeIntervalSince1970: 1_800_000_000))

    private static let listing = ListingSnapshot(
        id: id(4), provider: "immoscout", providerListingID: "1", providerURL: "https://example.org/1", title: "Altbau", propertyType: "apartment",
        street: "Allee", houseNumber: "1a", postalCode: "10115", city: "Berlin", district: "Mitte", rentNetto: 900, rentBrutto: 1100,
        currency: "EUR", rooms: 2.5, livingArea: 60, availableFrom: "2026-12-01", imageURL: "https://example.org/1.jpg", version: 2,
        homeID: id(25))

    private static let price = ListingPrice(rentNetto: 900.5, rentBrutto: 1100, additionalCosts: 199.5, deposit: 2700, currency: "EUR")

    private static let readListing: ReadListing = {
        var listing = ReadListing(provider: "wg_gesucht", providerListingID: "2", title: "Zimmer", images: ["https://example.org/2.jpg"])
        listing.providerURL = "https://example.org/2"
        listing.providerCreatedAt = Date(timeIntervalSince1970: 1_795_000_000)
        listing.providerUpdatedAt = Date(timeIntervalSince1970: 1_795_000_000)
        listing.description = "Hell"
        listing.propertyType = "room"
        listing.furnishingLevel = "furnished"
        listing.street = "Allee"
        listing.houseNumber = "2"
        listing.postalCode = "10117"
        listing.city = "Berlin"
        listing.district = "Mitte"
        listing.latitude = 52.5
        listing.longitude = 13.25
        listing.rentNetto = 500
        listing.rentBrutto = 600
        listing.additionalCosts = 100
        listing.deposit = 1500
        listing.currency = "EUR"
        listing.rooms = 1
        listing.bedroomCount = 1
        listing.bathroomCount = 1
        listing.livingArea = 20.5
        listing.totalArea = 90
        listing.floor = "3"
        listing.totalFloors = 5
        listing.yearBuilt = 1910
        listing.condition = "renovated"
        listing.availableFrom = "2026-12-01"
        listing.availableUntil = "2027-12-01"
        listing.leaseDurationMin = 6
        listing.leaseDurationMax = 12
        listing.virtualTourURL = "https://example.org/2/tour"
        listing.floorPlanURL = "https://example.org/2/plan"
        listing.contactName = "Max"
        listing.imageHashes = ["f0e1d2c3b4a59687"]
        listing.contactPhoneSealed = "c2VhbGVk"
        listing.contactEmailSealed = "c2VhbGVk"
        return listing
    }()
}
