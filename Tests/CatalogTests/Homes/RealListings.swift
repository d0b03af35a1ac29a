import Contracts
import Foundation

/// Listings of real portals, out of files that are not part of the project.
struct RealListings {
    let folder: URL

    /// Nil where the files are missing.
    init?() {
        guard let path = ProcessInfo.processInfo.environment["HEARTH_REAL_DATA"], !path.isEmpty else { return nil }
        folder = URL(fileURLWithPath: path).appendingPathComponent("listings")
        guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("german_rent_results.csv.gz").path) else { return nil }
    }

    /// By the name of the set, in the order of the file.
    func sets() throws -> [String: [ReadListing]] {
        let rows = try germanRents()
        return ["csv": rows, "judged": rows, "is24_2020": try results2020(), "is24_list": try resultList()]
    }

    private func germanRents() throws -> [ReadListing] {
        let gunzip = Process()
        gunzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        gunzip.arguments = ["gunzip", "-c", folder.appendingPathComponent("german_rent_results.csv.gz").path]
        let pipe = Pipe()
        gunzip.standardOutput = pipe
        try gunzip.run()
        let bytes = pipe.fileHandleForReading.readDataToEndOfFile()
        gunzip.waitUntilExit()
        return Self.records(bytes).dropFirst().enumerated().map { number, fields in
            let field = { (index: Int) in index < fields.count ? fields[index] : "" }
            let title = field(2).hasPrefix("NEU ") ? String(field(2).dropFirst(4)) : field(2)
            var listing = ReadListing(provider: "csv", providerListingID: "\(number)", title: title)
            // [['Etagenwohnung', '•', 'Lübeck', 'St.', 'Lorenz', 'Süd']]
            let words = field(3).split(separator: "'").map(String.init).filter { $0.contains { $0.isLetter || $0 == "•" } }
            if let dot = words.firstIndex(of: "•") {
                let place = words[(dot + 1)...]
                listing.city = place.first
                listing.district = place.count > 1 ? place.dropFirst().joined(separator: " ") : nil
            }
            listing.propertyType = "apartment"
            if field(5).hasPrefix("Miete inkl") { listing.rentBrutto = Self.number(field(5)) } else { listing.rentNetto = Self.number(field(5)) }
            listing.livingArea = Self.number(field(6))
            listing.rooms = Self.number(field(7))
            return listing
        }
    }

    private func results2020() throws -> [ReadListing] {
        let entries = try members(
            of: "fh_IS24-object.json",
            ["resultList", "resultListModel", "searchResponseModel", "resultlist.resultlist", "resultlistEntries", "0", "resultlistEntry"])
        return entries.enumerated().map { number, entry in
            let estate = entry["resultlist.realEstate"] as? [String: Any] ?? [:]
            let address = estate["address"] as? [String: Any] ?? [:]
            var listing = ReadListing(provider: "is24_2020", providerListingID: "\(number)", title: estate["title"] as? String ?? "Wohnung")
            listing.street = address["street"] as? String
            listing.houseNumber = address["houseNumber"] as? String
            listing.postalCode = address["postcode"] as? String
            listing.city = address["city"] as? String
            listing.district = address["quarter"] as? String
            let point = address["wgs84Coordinate"] as? [String: Any]
            listing.latitude = (point?["latitude"] as? NSNumber)?.doubleValue
            listing.longitude = (point?["longitude"] as? NSNumber)?.doubleValue
            listing.rentNetto = ((estate["price"] as? [String: Any])?["value"] as? NSNumber)?.decimalValue
            listing.livingArea = (estate["livingSpace"] as? NSNumber)?.decimalValue
            listing.rooms = (estate["numberOfRooms"] as? NSNumber)?.decimalValue
            return listing
        }
    }

    private func resultList() throws -> [ReadListing] {
        try members(of: "immoscout_list.json", ["resultListItems"]).enumerated().map { number, entry in
            let item = entry["item"] as? [String: Any] ?? [:]
            let address = item["address"] as? [String: Any] ?? [:]
            var listing = ReadListing(provider: "is24_list", providerListingID: "\(number)", title: item["title"] as? String ?? "Wohnung")
            listing.city = "Düsseldorf"
            listing.district = (address["line"] as? String)?.split(separator: ",").last.map { $0.trimmingCharacters(in: .whitespaces) }
            listing.latitude = (address["lat"] as? NSNumber)?.doubleValue
            listing.longitude = (address["lon"] as? NSNumber)?.doubleValue
            for attribute in item["attributes"] as? [[String: Any]] ?? [] {
                let value = attribute["value"] as? String ?? ""
                if value.contains("€") { listing.rentNetto = Self.number(value) }
                if value.contains("m²") { listing.livingArea = Self.number(value) }
                if value.contains("Zi") { listing.rooms = Self.number(value) }
            }
            return listing
        }
    }

    private func members(of file: String, _ path: [String]) throws -> [[String: Any]] {
        let json = try JSONSerialization.jsonObject(with: Data(contentsOf: folder.appendingPathComponent(file)))
        let found = path.reduce(json as Any?) { object, key in
            if let list = object as? [Any], let index = Int(key) { return list.indices.contains(index) ? list[index] : nil }
            return (object as? [String: Any])?[key]
        }
        return found as? [[String: Any]] ?? []
    }

    /// "1.234,50 €" as 1234.5
    private static func number(_ text: String) -> Decimal? {
        guard let match = text.firstMatch(of: /\d[\d.]*(?:,\d+)?/) else { return nil }
        return Decimal(string: String(match.0).replacing(".", with: "").replacing(",", with: "."), locale: Locale(identifier: "en_US_POSIX"))
    }

    /// The records of a CSV file (RFC 4180).
    private static func records(_ data: Data) -> [[String]] {
        var records: [[String]] = []
        var (fields, field, isQuoted) = ([String](), [UInt8](), false)
        for byte in data {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            case UInt8(ascii: "\n") where !isQuoted:
                fields.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
                records.append(fields)
                fields.removeAll(keepingCapacity: true)
            case UInt8(ascii: "\r") where !isQuoted: break
            default: field.append(byte)
            }
        }
        return records
    }
}
