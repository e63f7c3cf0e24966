/// What the harness's graphics device draws.
package struct ChartOptions: Sendable, Hashable {
    package enum Format: String, Sendable, CaseIterable {
        case png, svg, pdf
    }

    package var format = Format.png
    /// In px.
    package var width = 1600
    /// In px.
    package var height = 1000
    package var dpi = 150

    package init() {}

    package static let pixelRange = 16...8192
    package static let dpiRange = 36...600
    package static let mostPixels = 40_000_000
}
