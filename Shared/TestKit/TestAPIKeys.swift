import Contracts
import Foundation
import ServiceKit
import Synchronization

/// The API keys that a test has made.
final class TestAPIKeys: Sendable {
    private let known = Mutex<[Data: APIKeySnapshot]>([:])

    /// Takes note of a new key and returns it as its holder would send it.
    func add(_ snapshot: APIKeySnapshot) -> String {
        let key = APIKeySecret.random()
        known.withLock { $0[key.hash] = snapshot }
        return key.text
    }

    func remove(_ hash: Data) { known.withLock { $0[hash] = nil } }

    func find(_ hash: Data) -> APIKeySnapshot? { known.withLock { $0[hash] } }
}
