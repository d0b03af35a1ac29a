import Contracts
import Foundation
import Testing

@testable import Scraper

/// Readers against labels made by hand: `make eval-readers` prints the table.
@Suite("Readers measured on real pages", .onRealData)
struct ReaderEvaluationTests {
    @Test("every field that a page states is read right on 95 of 100 pages, and none is invented")
    func labels() throws {
        var table = ReaderTable()
        for labelled in try LabelledPage.all() { try check(labelled, &table) }
        print("\n" + table.text + "\n")
        for miss in table.misses { print(miss) }
        #expect(table.pages >= 30)
        #expect(table.totals.invented == 0)
        #expect(table.wholePages * 100 >= table.pages * 95)
    }

    @Test("every field that is read says where it stands, and nothing else does")
    func sources() throws {
        for labelled in try LabelledPage.all() where labelled.kind == .listing {
            let read = try reader(labelled).readListing(page(labelled))
            let values = try values(read).filter { $0.value != .null && $0.value != .array([]) && $0.key != "provider" }
            #expect(Set(read.sources.map(\.field)) == Set(values.keys), "\(labelled.file)")
            #expect(read.sources.allSatisfy { !$0.path.isEmpty }, "\(labelled.file)")
        }
    }

    @Test(
        "49,064 rents, areas and rooms as 16 states' result pages write them",
        .enabled(if: RentRow.all != nil, "german_rent_results.csv.gz is not here"))
    func rents() throws {
        let rows = try #require(RentRow.all)
        var read = (rent: 0, area: 0, rooms: 0)
        var stated = read
        for row in rows {
            // Garages, and prices on request, are no rents.
            if row.price.hasPrefix("Miete") {
                stated.rent += 1
                let words = row.price.split(separator: " ")
                let label = words.prefix(3).joined(separator: " ")
                let isNet = label == "Miete zzgl. NK"
                if var draft = ListingDraft(
                    provider: "x", id: "1", at: .init(method: .markup, path: "x"), title: "x", at: .init(method: .markup, path: "x"))
                {
                    let amount = words.dropFirst(3).joined(separator: " ")
                    HomeFacts.read(label, amount, into: &draft, today: .now, at: .init(method: .markup, path: "x"))
                    let value = isNet ? draft.listing.rentNetto : draft.listing.rentBrutto
                    let plain = words.dropLast().last.map { String($0).replacing(".", with: "").replacing(",", with: ".") }
                    if let value, value == plain.flatMap({ Decimal(string: $0) }) { read.rent += 1 }
                }
            }
            if !row.area.isEmpty {
                stated.area += 1
                if Quantity.squareMetres(String(row.area.dropFirst("Wohnfläche ".count))) != nil { read.area += 1 }
            }
            // Three digits of rooms are somebody's slip, and no rooms.
            if !row.rooms.isEmpty, row.rooms.count < "Zi. 999".count || row.rooms.contains(",") {
                stated.rooms += 1
                if Quantity.rooms(row.rooms) != nil { read.rooms += 1 }
            }
        }
        print("rents \(read.rent)/\(stated.rent), areas \(read.area)/\(stated.area), rooms \(read.rooms)/\(stated.rooms)")
        #expect(read.rent == stated.rent)
        #expect(read.area == stated.area)
        #expect(read.rooms == stated.rooms)
    }

    private func check(_ labelled: LabelledPage, _ table: inout ReaderTable) throws {
        let reader = try reader(labelled)
        switch labelled.kind {
        case .listing:
            let values = try values(reader.readListing(page(labelled)))
            let labels = try #require(labelled.fields)
            table.add(labelled.file, provider: labelled.provider, Self.fields(values, labels))
        case .results:
            let results = try reader.readResults(page(labelled))
            #expect(results.cards.count == labelled.count, "\(labelled.file)")
            #expect((results.next != nil) == labelled.next, "\(labelled.file)")
            for (id, labels) in try #require(labelled.cards) {
                let card = results.cards.first { $0.page?.listing.providerListingID == id }
                let values = try card?.page.map(values) ?? [:]
                let checks = labels.map { name, label in
                    (field: name, label: FieldLabel(label), isMet: FieldLabel(label).isMet(by: values[name] ?? .null))
                }
                table.add("\(labelled.file) \(id)", provider: labelled.provider, checks)
            }
        case .refusal:
            let problem = #expect(throws: PageProblem.self) { try reader.readListing(page(labelled)) }
            #expect(problem?.reason.rawValue == labelled.reason)
        }
    }

    /// All fields, labelled or not: what is not labelled is not stated.
    private static func fields(_ values: [String: JSONValue], _ labels: [String: JSONValue]) -> [(field: String, label: FieldLabel, isMet: Bool)] {
        Set(values.keys).union(labels.keys).subtracting(["provider"]).sorted().map { name in
            let label = FieldLabel(labels[name] ?? .null)
            let value = values[name] ?? .null
            return (name, label, label.isMet(by: value == .array([]) ? .null : value))
        }
    }

    private func values(_ page: ListingPage) throws -> [String: JSONValue] {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        var values = try JSONDecoder().decode([String: JSONValue].self, from: encoder.encode(page.listing))
        values["contact_phone"] = page.contactPhone.map { .string($0) }
        values["contact_email"] = page.contactEmail.map { .string($0) }
        return values
    }

    private func reader(_ labelled: LabelledPage) throws -> any ListingReader { try #require(Readers.named(labelled.provider)) }

    private func page(_ labelled: LabelledPage) throws -> FetchedPage {
        try Fixtures.realPage(labelled.file, at: labelled.url, type: labelled.type)
    }
}
