import CTurboJPEG

extension GrayImage {
    /// Decodes a JPEG at the smallest scale that still tells enough.
    init(jpeg bytes: UnsafeBufferPointer<UInt8>, maximumPixels: Int) throws(ImageError) {
        guard let decoder = tjInitDecompress() else { throw .unreadable }
        defer { tjDestroy(decoder) }
        var (width, height, subsampling, colours) = (Int32(0), Int32(0), Int32(0), Int32(0))
        guard tjDecompressHeader3(decoder, bytes.baseAddress, UInt(bytes.count), &width, &height, &subsampling, &colours) == 0, width > 0, height > 0
        else { throw .unreadable }
        guard Int(width) * Int(height) <= maximumPixels else { throw .tooLarge }
        let divisor: Int32 = [8, 4, 2].first { min(width, height) / $0 >= 32 } ?? 1
        let size = (width: (width + divisor - 1) / divisor, height: (height + divisor - 1) / divisor)
        var pixels = [UInt8](repeating: 0, count: Int(size.width) * Int(size.height))
        // A file may pretend to refine its picture thousands of times.
        let flags = TJFLAG_FASTDCT | TJFLAG_LIMITSCANS
        let status = pixels.withUnsafeMutableBufferPointer { buffer in
            tjDecompress2(
                decoder, bytes.baseAddress, UInt(bytes.count), buffer.baseAddress, size.width, 0, size.height, Int32(TJPF_GRAY.rawValue), flags)
        }
        // A picture that breaks off in the middle is a warning, and would be hashed by its gray rest.
        guard status == 0 else { throw .unreadable }
        self.init(width: Int(size.width), height: Int(size.height), pixels: pixels)
    }
}
