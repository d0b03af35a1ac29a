/// The mobile application's list of results, as far as it is read.
struct ImmoScoutResults: Decodable {
    struct Entry: Decodable {
        var type: String?
        var item: Item?
    }
    struct Item: Decodable {
        var id: String?
    }
    var pageNumber: Int?
    var numberOfPages: Int?
    var resultListItems: [Entry]
}

/// An exposé: sections of many kinds in one list, so a section has every field that any kind has.
struct ImmoScoutExpose: Decodable {
    struct Header: Decodable {
        var id: String?
    }
    struct Tracking: Decodable {
        var realEstateType: String?
    }
    struct Section: Decodable {
        var type: String
        var title: String?
        var text: String?
        var name: String?
        var attributes: [Attribute]?
        var media: [Medium]?
        var addressLine1: String?
        var addressLine2: String?
        var location: Location?
        var references: [Reference]?
        var phoneNumbers: [Attribute]?
        var contactData: ContactData?
    }
    struct Attribute: Decodable {
        var label: String?
        var text: String?
    }
    struct Medium: Decodable {
        var type: String?
        var caption: String?
        var fullImageUrl: String?
        var url: String?
    }
    struct Location: Decodable {
        var lat: Double?
        var lng: Double?
    }
    struct Reference: Decodable {
        var url: String?
    }
    struct ContactData: Decodable {
        struct Agent: Decodable {
            var name: String?
        }
        var agent: Agent?
    }

    var header: Header?
    var sections: [Section]
    var contact: Section?
    var tracking: Tracking?

    func first(_ type: String) -> Section? { sections.first { $0.type == type } }
}
