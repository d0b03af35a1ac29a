import Contracts
import Mustache

/// How much one rendering may write. A section over a list can stand in another one, so a small template can ask for gigabytes: each turn of a list costs
/// the whole template's size, each value its own, and when the budget is spent, lists end.
final class RenderBudget {
    static let maximumBytes = 2_000_000

    private var left = RenderBudget.maximumBytes
    private let turn: Int
    private(set) var isSpent = false

    init(templateBytes: Int) { turn = templateBytes }

    func spend(_ bytes: Int) -> Bool {
        left -= bytes
        if left < 0 { isSpent = true }
        return !isSpent
    }

    /// What Mustache walks over. For each list that has elements there is a flag `has_<name>` too, for a heading that should stand once.
    func context(_ data: [String: TemplateValue]) -> [String: Any] {
        var context: [String: Any] = [:]
        for (name, value) in data {
            switch value {
            case .text(let text): context[name] = BudgetedText(text: text, budget: self)
            case .flag(let flag): context[name] = flag
            case .list(let list):
                context[name] = BudgetedList(elements: list, budget: self)
                if context["has_\(name)"] == nil { context["has_\(name)"] = !list.isEmpty }
            }
        }
        return context
    }

    fileprivate func spendTurn() -> Bool { spend(turn) }
}

private struct BudgetedText: MustacheCustomRenderable, MustacheParent {
    let text: String
    let budget: RenderBudget

    var renderText: String { budget.spend(text.utf8.count) ? text : "" }
    /// An empty text counts as absent, so `{{#address}}` leaves out its line.
    var isNull: Bool { text.isEmpty }
    func child(named: String) -> Any? { nil }
}

private struct BudgetedList: MustacheSequence {
    let elements: [[String: TemplateValue]]
    let budget: RenderBudget

    func makeIterator() -> AnyIterator<Any> {
        var rest = elements[...]
        return AnyIterator { [budget] in
            guard let element = rest.popFirst(), budget.spendTurn() else { return nil }
            return budget.context(element)
        }
    }
}
