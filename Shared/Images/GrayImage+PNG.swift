import CPNG

extension GrayImage {
    /// Decodes a PNG; what is transparent becomes white.
    init(png bytes: UnsafeBufferPointer<UInt8>, maximumPixels: Int) throws(ImageError) {
        var image = png_image()
        hearth_png_prepare(&image)
        defer { png_image_free(&image) }
        guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0, image.width > 0, image.height > 0
        else { throw .unreadable }
        let (width, height) = (Int(image.width), Int(image.height))
        guard width <= maximumPixels, height <= maximumPixels, width * height <= maximumPixels else { throw .tooLarge }
        image.format = UInt32(PNG_FORMAT_GRAY)
        var background = png_color(red: 255, green: 255, blue: 255)
        var pixels = [UInt8](repeating: 0, count: width * height)
        let isRead = pixels.withUnsafeMutableBytes { png_image_finish_read(&image, &background, $0.baseAddress, Int32(width), nil) }
        guard isRead != 0, hearth_png_failed(&image) == 0 else { throw .unreadable }
        self.init(width: width, height: height, pixels: pixels)
    }
}
