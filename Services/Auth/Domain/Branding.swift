import ServiceKit

/// How an agency looks in mails and pages.
struct Branding: Codable, Sendable, Hashable {
    var primaryColor: String?
    var secondaryColor: String?
    var accentColor: String?
    var fontFamily: String?
    var headingFontFamily: String?
    var tagline: String?

    enum CodingKeys: String, CodingKey {
        case tagline
        case primaryColor = "primary_color"
        case secondaryColor = "secondary_color"
        case accentColor = "accent_color"
        case fontFamily = "font_family"
        case headingFontFamily = "heading_font_family"
    }

    func validate(_ check: inout Validation, at pointer: String) {
        for (color, name) in [(primaryColor, "primary_color"), (secondaryColor, "secondary_color"), (accentColor, "accent_color")] {
            guard let color else { continue }
            check(color.wholeMatch(of: /#[0-9A-Fa-f]{6}/) != nil, "\(pointer)/\(name)", "format", "must be a colour such as #b4512d")
        }
        for (font, name) in [(fontFamily, "font_family"), (headingFontFamily, "heading_font_family")] {
            guard let font else { continue }
            let isName = font.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9 ,_-]{0,99}/) != nil
            check(isName, "\(pointer)/\(name)", "format", "must be names of fonts, at most 100 characters")
        }
        check.text(tagline, pointer + "/tagline", maximum: 255)
    }
}
