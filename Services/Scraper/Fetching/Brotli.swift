import CBrotli

/// Decodes `Content-Encoding: br`, with a limit on what comes out.
enum Brotli {
    /// - Throws: ``PageProblem`` when it is broken, cut short, or larger than `limit`.
    static func decode(_ bytes: [UInt8], limit: Int) throws(PageProblem) -> [UInt8] {
        guard let state = BrotliDecoderCreateInstance(nil, nil, nil) else { throw PageProblem(.network, "no memory to decode the answer") }
        defer { BrotliDecoderDestroyInstance(state) }
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let outcome = bytes.withUnsafeBufferPointer { input -> BrotliDecoderResult in
            var available = input.count
            var next = input.baseAddress
            while true {
                let (outcome, count) = piece.withUnsafeMutableBufferPointer { output in
                    var free = output.count
                    var target = output.baseAddress
                    let outcome = BrotliDecoderDecompressStream(state, &available, &next, &free, &target, nil)
                    return (outcome, output.count - free)
                }
                result += piece[..<count]
                // Beyond the limit nothing is decoded any more, however much would come.
                if result.count > limit || outcome != BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT { return outcome }
            }
        }
        guard result.count <= limit else { throw PageProblem(.tooLarge, "more than \(limit) bytes") }
        switch outcome {
        case BROTLI_DECODER_RESULT_SUCCESS: return result
        case BROTLI_DECODER_RESULT_NEEDS_MORE_INPUT: throw PageProblem(.network, "the answer ends in the middle of its brotli stream")
        default: throw PageProblem(.network, "the answer is not the brotli that it says it is")
        }
    }
}
