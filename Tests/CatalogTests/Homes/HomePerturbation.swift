import Contracts
import Foundation

/// Another portal's version of a listing, by rules; the same seed gives the same version.
///
/// - area: as it is (35 %), rounded (40 %), cut to whole metres (15 %), not stated (10 %)
/// - rent: as it is (60 %), rounded to whole euros (20 %), stated gross only, 18 to 32 % above (12 %), up to 2 % lower (5 %), not stated (3 %)
/// - rooms: as they are (90 %), the half one counted as a whole one (5 %), not stated (5 %)
/// - title: with decoration (40 %), retyped: words left out, exchanged and turned round (30 %), cut short (20 %), another one (10 %)
/// - district not stated (25 %), street not stated (30 %), house number not stated (50 %), coordinates off by up to 150 m (50 %) or not stated (25 %)
/// - pictures: none (50 %), else some of them, up to five bits of each hash changed
struct HomePerturbation {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func version(of listing: ReadListing, provider: String) -> ReadListing {
        var version = listing
        version.provider = provider
        version.providerListingID = "v" + listing.providerListingID
        version.livingArea = area(listing.livingArea)
        rent(&version)
        version.rooms = rooms(listing.rooms)
        version.title = title(listing)
        if chance(0.25) { version.district = nil }
        if chance(0.3) { (version.street, version.houseNumber) = (nil, nil) } else if chance(0.5) { version.houseNumber = nil }
        place(&version)
        version.imageHashes = pictures(listing.imageHashes ?? [])
        return version
    }

    private mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &random) < share }

    private mutating func area(_ area: Decimal?) -> Decimal? {
        guard let area else { return nil }
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.35: return area
        case ..<0.75: return Decimal(area.double.rounded())
        case ..<0.9: return Decimal(area.double.rounded(.down))
        default: return nil
        }
    }

    private mutating func rent(_ listing: inout ReadListing) {
        guard let rent = listing.rentNetto else { return }
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.6: break
        case ..<0.8: listing.rentNetto = Decimal(rent.double.rounded())
        case ..<0.92:
            listing.rentNetto = nil
            listing.rentBrutto = listing.rentBrutto ?? Decimal((rent.double * Double.random(in: 1.18...1.32, using: &random)).rounded())
        case ..<0.97: listing.rentNetto = Decimal((rent.double * Double.random(in: 0.98..<1, using: &random)).rounded())
        default: listing.rentNetto = nil
        }
    }

    private mutating func rooms(_ rooms: Decimal?) -> Decimal? {
        guard let rooms else { return nil }
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.9: return rooms
        case ..<0.95: return Decimal(rooms.double.rounded(.up))
        default: return nil
        }
    }

    private mutating func title(_ listing: ReadListing) -> String {
        let title = listing.title
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.4:
            return ["NEU: " + title, title.uppercased(), "*** " + title + " ***", title + "!", title + " - provisionsfrei"].randomElement(
                using: &random) ?? title
        case ..<0.7: return retyped(title)
        case ..<0.9: return String(title.prefix(max(12, title.count * 6 / 10))) + "..."
        default:
            let rooms = listing.rooms.map { "\($0)-Zimmer-Wohnung" } ?? "Wohnung"
            return ["\(rooms) in \(listing.district ?? listing.city ?? "guter Lage")", "Schöne \(rooms)", "Ihr neues Zuhause"].randomElement(
                using: &random) ?? rooms
        }
    }

    private mutating func retyped(_ title: String) -> String {
        let exchanges = ["Wohnung": "Whg.", "Zimmer": "Zi.", "Einbauküche": "EBK", "mit": "m.", "und": "&", "Raum": "Zimmer"]
        var words = title.split(separator: " ").map(String.init)
        if words.count > 3 { words = words.filter { _ in Double.random(in: 0..<1, using: &random) > 0.25 } }
        words = words.map { word in exchanges.reduce(word) { $0.replacing($1.key, with: $1.value) } }
        if words.count > 4, Bool.random(using: &random) {
            let middle = words.count / 2
            words = Array(words[middle...] + words[..<middle])
        }
        return words.isEmpty ? title : words.joined(separator: " ")
    }

    private mutating func place(_ listing: inout ReadListing) {
        guard let latitude = listing.latitude, let longitude = listing.longitude else { return }
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.25: break
        case ..<0.75:
            listing.latitude = latitude + Double.random(in: -0.001...0.001, using: &random)
            listing.longitude = longitude + Double.random(in: -0.0014...0.0014, using: &random)
        default: (listing.latitude, listing.longitude) = (nil, nil)
        }
    }

    private mutating func pictures(_ hashes: [String]) -> [String]? {
        guard !hashes.isEmpty, Bool.random(using: &random) else { return nil }
        return hashes.shuffled(using: &random).prefix(max(1, hashes.count * 2 / 3)).compactMap { UInt64($0, radix: 16) }.map { hash in
            let changed = (0..<Int.random(in: 0...5, using: &random)).reduce(hash) { hash, _ in hash ^ 1 << UInt64.random(in: 0..<64, using: &random)
            }
            return String(repeating: "0", count: 16 - String(changed, radix: 16).count) + String(changed, radix: 16)
        }
    }
}

extension Decimal {
    var double: Double { NSDecimalNumber(decimal: self).doubleValue }
}
