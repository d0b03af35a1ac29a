/// Why a template gives no mail. Trying again gives the same.
enum TemplateError: Error, Equatable {
    /// `part` is `subject`, `html_content` or `text_content`.
    case syntax(part: String, problem: String)
    case missing(variable: String)
    case tooLarge
    case unknown(name: String)

    var reason: String {
        switch self {
        case .syntax(let part, let problem): "\(part): \(problem)"
        case .missing(let variable): "the variable \(variable) is missing"
        case .tooLarge: "the mail would be larger than \(RenderBudget.maximumBytes) bytes"
        case .unknown(let name): "there is no active template \(name)"
        }
    }
}
