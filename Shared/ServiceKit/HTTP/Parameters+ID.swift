import Foundation
import Hummingbird

extension Parameters {
    /// A path parameter of type UUID; anything else is 404, as there can be no such thing.
    public func id(_ name: String = "id") throws -> UUID {
        guard let text = get(name), let id = UUID(uuidString: text) else {
            throw APIError.notFound(name == "id" ? "thing" : name.replacing("_id", with: ""))
        }
        return id
    }
}
