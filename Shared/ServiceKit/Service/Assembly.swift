import Hummingbird
import Messaging
import ServiceLifecycle

/// What a service is made of.
public struct Assembly {
    public var router: Router<APIContext>
    public var consumer: Consumer?
    public var broadcasts: Broadcasts?
    public var requests: Requests?
    /// Whatever else runs: relays, schedulers. Started after the clients, stopped before them.
    public var jobs: [any Service]
    /// The families of keys that the service caches and whose tables notify of changes, such as `doc:`.
    public var caches: [String]

    public init(
        router: Router<APIContext>, consumer: Consumer? = nil, broadcasts: Broadcasts? = nil, requests: Requests? = nil,
        jobs: [any Service] = [], caches: [String] = []
    ) {
        self.router = router
        self.consumer = consumer
        self.broadcasts = broadcasts
        self.requests = requests
        self.jobs = jobs
        self.caches = caches
    }
}
