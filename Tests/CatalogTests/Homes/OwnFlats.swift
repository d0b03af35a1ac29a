import Contracts
import Foundation

/// Flats of our own making, with neighbours that are hard to tell apart: in every house three flats of about the same size, of which two have the
/// same area.
enum OwnFlats {
    private static let cities = [
        ("Frankfurt am Main", "60316", "Ostend", 50.1150, 8.7050), ("Berlin", "10999", "Kreuzberg", 52.4980, 13.4200),
        ("Leipzig", "04229", "Plagwitz", 51.3270, 12.3330), ("Bonn", "53111", "Zentrum", 50.7370, 7.0980),
    ]
    private static let streets = ["Lindenallee", "Bergstraße", "Am Mühlbach", "Gartenweg", "Schillerplatz", "Uferstraße"]
    private static let titles = [
        "Sonnige Altbauwohnung mit Blick ins Grüne", "Ruhige Wohnung mit großem Südbalkon", "Frisch renoviert: Wohnung mit Einbauküche und Keller",
        "Erstbezug nach Sanierung, Dielen und hohe Decken", "Gemütliches Zuhause für Paare in Bahnhofsnähe", "Wohnung mit Garten sucht Nachmieter",
        "Barrierearm wohnen mit Aufzug und Stellplatz", "Zentral gelegen, hell und gut geschnitten", "Penthouse-Gefühl unter dem Dach mit Terrasse",
    ]

    /// Three flats in each house.
    static func all() -> [ReadListing] {
        var random = SeededGenerator(seed: 20)
        var flats: [ReadListing] = []
        for (city, code, district, latitude, longitude) in cities {
            for (number, street) in streets.enumerated() {
                let area = Decimal(45 + 7 * number) + Decimal(Int.random(in: 0...9, using: &random)) / 10
                for storey in 0..<3 {
                    var flat = ReadListing(
                        provider: "one", providerListingID: "\(flats.count)", title: titles[(number + storey * 4 + flats.count) % titles.count])
                    (flat.city, flat.postalCode, flat.district, flat.street, flat.houseNumber) = (city, code, district, street, "\(number * 2 + 1)")
                    flat.latitude = latitude + Double(number) * 0.004
                    flat.longitude = longitude + Double(number) * 0.003
                    flat.propertyType = "apartment"
                    flat.livingArea = storey == 2 ? area + Decimal(1.5) : area
                    flat.rooms = Decimal(1 + number / 2)
                    flat.rentNetto = Decimal((flat.livingArea?.double ?? 0) * 13.7).rounded(2) + Decimal(storey * 25)
                    if storey != 1 { flat.floor = "\(storey + 1). OG" }
                    flat.imageHashes = (0..<4).map { _ in
                        let hash = String(UInt64.random(in: .min ... .max, using: &random), radix: 16)
                        return String(repeating: "0", count: 16 - hash.count) + hash
                    }
                    flats.append(flat)
                }
            }
        }
        return flats
    }
}

extension Decimal {
    fileprivate func rounded(_ digits: Int) -> Decimal {
        var (value, result) = (self, Decimal())
        NSDecimalRound(&result, &value, digits, .plain)
        return result
    }
}
