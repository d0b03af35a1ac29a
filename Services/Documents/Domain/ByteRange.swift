import Foundation

/// One range of `Range: bytes=…` (RFC 9110, section 14).
enum ByteRange: Equatable {
    /// No usable range: everything is answered, as for several ranges or another unit.
    case whole
    case part(Range<Int64>)
    case unsatisfiable

    init(_ header: String?, size: Int64) {
        guard let header, header.lowercased().hasPrefix("bytes="), !header.contains(",") else {
            self = .whole
            return
        }
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard bounds.count == 2, bounds.allSatisfy({ $0.utf8.count <= 18 && $0.utf8.allSatisfy { (48...57).contains($0) } }) else {
            self = .whole
            return
        }
        switch (Int64(bounds[0]), Int64(bounds[1])) {
        case (nil, nil): self = .whole
        case (let first?, let last?) where last < first: self = .whole
        case (let first?, let last): self = first < size ? .part(first..<min((last ?? size) &+ 1, size)) : .unsatisfiable
        case (nil, let suffix?): self = suffix > 0 && size > 0 ? .part(max(0, size - suffix)..<size) : .unsatisfiable
        }
    }
}
