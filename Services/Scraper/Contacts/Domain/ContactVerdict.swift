import ContactValues
import Foundation

/// What is to be thought of a result: whether its values can be right, and whether it is worth keeping.
struct ContactVerdict: Sendable, Equatable {
    var status: ValidationStatus
    /// `field: why`, for every value that is not simply right.
    var errors: [String]
    var completeness: Double
    /// How much of what was found is likely to be right.
    var accuracy: Double
    /// Why it is not taken; nil when it is.
    var rejection: String?

    /// - Parameter acceptsMail: what the DNS says of the address's domain; nil when nobody asked, or nobody answered.
    init(values: [ContactField: String], confidence: [String: Double], minimum: Double, acceptsMail: Bool? = nil) {
        errors = []
        var right = 0.0
        var wellFormed = 0
        var (hasWay, isDoubtful) = (false, false)
        for (field, text) in values.sorted(by: { $0.key < $1.key }) {
            let trust = confidence[field.rawValue] ?? 0
            guard ContactValue(field, text) != nil else {
                errors.append("\(field.rawValue): malformed")
                continue
            }
            switch field {
            case .phone where PhoneNumber(text)?.isValid != true:
                errors.append("phone: no number of any country's plan")
                continue
            case .phone where PhoneNumber(text)?.kind == .service:
                errors.append("phone: a service number")
                isDoubtful = true
            case .email:
                if let problem = EmailAddress(text)?.problem {
                    errors.append("email: \(problem.rawValue)")
                    continue
                }
                if acceptsMail == false {
                    errors.append("email: the domain takes no mail")
                    continue
                }
            default: break
            }
            if field == .phone || field == .email { hasWay = true }
            right += trust
            wellFormed += 1
        }
        completeness = Double(values.count) / Double(ContactField.allCases.count)
        accuracy = values.isEmpty ? 0 : right / Double(values.count)
        if !hasWay {
            (status, rejection) = (.invalid, "nobody can be reached by it")
        } else if right / Double(wellFormed) < minimum {
            (status, rejection) = (.uncertain, "the values are less sure than the job wants them")
        } else {
            (status, rejection) = (isDoubtful || !errors.isEmpty || accuracy < 0.6 ? .uncertain : .valid, nil)
        }
    }
}
