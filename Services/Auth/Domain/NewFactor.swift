import ServiceKit

/// A second factor that somebody wants to have.
struct NewFactor: Decodable, Sendable, Validated {
    var factorType: FactorType
    var label: String?
    /// In E.164, for text messages.
    var phone: String?
    /// Asked for as long as there is no second factor to show.
    var password: String?

    enum CodingKeys: String, CodingKey {
        case label, phone, password
        case factorType = "factor_type"
    }

    func validate(_ check: inout Validation) {
        check.text(label, "/label", maximum: 100)
        if let password { check.anyPassword(password, "/password") }
        if factorType == .sms {
            let isNumber = phone?.wholeMatch(of: /\+[1-9][0-9]{6,14}/) != nil
            check(isNumber, "/phone", "format", "must be a telephone number in E.164, such as +4930123456")
        } else {
            check(phone == nil, "/phone", "unexpected", "is for text messages alone")
        }
    }
}
