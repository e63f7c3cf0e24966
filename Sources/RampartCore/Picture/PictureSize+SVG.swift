extension PictureSize {
    /// The size of the `svg` element: its width and height, or those of its view box (SVG 2, 8.2).
    static func svg(_ head: [UInt8]) -> PictureSize? {
        guard let attributes = attributes(in: head) else { return nil }
        let box = attributes["viewBox"].map { value in
            value.split { $0 == " " || $0 == "," }.compactMap { Double($0) }
        }
        let size = ["width", "height"].enumerated().map { place, name in
            attributes[name].flatMap(pixels) ?? (box?.count == 4 ? box?[place + 2] : nil)
        }
        guard let width = size[0].flatMap(whole), let height = size[1].flatMap(whole) else {
            return nil
        }
        return PictureSize(width: width, height: height)
    }

    /// The attributes of the first `svg` element that say how large it is.
    private static func attributes(in head: [UInt8]) -> [String: String]? {
        let opening = Array("<svg".utf8)
        guard let start = head.indices.first(where: { head[$0...].starts(with: opening) }) else {
            return nil
        }
        var rest = head[(start + opening.count)...]
        var attributes: [String: String] = [:]
        while let end = rest.firstIndex(of: UInt8(ascii: "=")) {
            let before = rest[..<end]
            guard !before.contains(UInt8(ascii: ">")), let quote = rest[end...].dropFirst().first,
                quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'")
            else { return attributes }
            let value = rest[end...].dropFirst(2).prefix { $0 != quote }
            guard value.endIndex < rest.endIndex else { return nil }
            let name = before.split { $0 <= UInt8(ascii: " ") }.last ?? []
            if let known = wanted.first(where: { name.elementsEqual($0.utf8) }) {
                attributes[known] = String(decoding: value, as: UTF8.self)
            }
            rest = rest[value.endIndex...].dropFirst()
        }
        return attributes
    }

    /// A length in CSS's units, of which an inch is 96 px; nil where it depends on what shows the picture.
    private static func pixels(_ length: String) -> Double? {
        let number = length.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" }
        guard let scale = units[String(length.dropFirst(number.count))] else { return nil }
        return Double(number).map { $0 * scale }
    }

    private static let wanted = ["width", "height", "viewBox"]

    private static func whole(_ pixels: Double) -> Int? { Int(exactly: pixels.rounded()) }

    private static let units = [
        "": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4,
    ]
}
