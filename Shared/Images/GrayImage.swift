/// A picture in shades of gray, a byte per pixel, row by row.
struct GrayImage {
    var width: Int
    var height: Int
    var pixels: [UInt8]

    /// The mean brightness of each cell of a grid laid over the picture.
    func means(columns: Int, rows: Int) -> [Double] {
        (0..<rows).flatMap { row in
            (0..<columns).map { column in
                let (x, y) = (cell(column, of: columns, along: width), cell(row, of: rows, along: height))
                var sum = 0
                for line in y { for position in x { sum += Int(pixels[line * width + position]) } }
                return Double(sum) / Double(x.count * y.count)
            }
        }
    }

    /// Never empty, also where there are fewer pixels than cells.
    private func cell(_ index: Int, of count: Int, along length: Int) -> Range<Int> {
        let start = min(index * length / count, length - 1)
        return start..<max(start + 1, min((index + 1) * length / count, length))
    }
}
