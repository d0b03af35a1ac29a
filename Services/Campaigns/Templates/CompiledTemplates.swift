import Foundation
import Synchronization

/// Compiled templates of this process by id and version, so that mails of one template parse it once. A template changed meanwhile has another version.
final class CompiledTemplates: Sendable {
    private let limit: Int
    private let compiled = Mutex<[UUID: CompiledTemplate]>([:])

    init(limit: Int = 256) { self.limit = limit }

    func find(_ id: UUID, version: Int64) -> CompiledTemplate? {
        compiled.withLock { $0[id] }.flatMap { $0.content.version == version ? $0 : nil }
    }

    func compile(_ content: TemplateContent) throws(TemplateError) -> CompiledTemplate {
        if let known = find(content.id, version: content.version) { return known }
        let template = try CompiledTemplate(content)
        compiled.withLock { compiled in
            if compiled.count >= limit { compiled.removeAll(keepingCapacity: true) }
            compiled[content.id] = template
        }
        return template
    }
}
