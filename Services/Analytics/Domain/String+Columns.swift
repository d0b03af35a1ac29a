import Foundation

extension String {

    /// Whether `inet` takes it.
    var isIPAddress: Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, self, &four) == 1 || inet_pton(AF_INET6, self, &six) == 1
    }
}
