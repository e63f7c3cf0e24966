import RampartCore

/// What a worker's R is told of a run: the R code of a list, a NUL, and the script.
///
/// A field that R needs is added here and read in `r-bootstrap/R`; nothing between the two knows of it.
struct RunDocument {
    let bytes: [UInt8]

    init(_ job: Job) {
        let told: RLiteral = .list([
            "format": .text(job.chart.format.rawValue),
            "width": .integer(job.chart.width),
            "height": .integer(job.chart.height),
            "dpi": .integer(job.chart.dpi),
            // The least 32-bit integer is R's NA, which seeds nothing: the next one stands in for it.
            "seed": job.seed.map { .integer(Int(max($0, -Int32.max))) } ?? .null,
            "transcript": .truth(job.transcript),
            "file_bytes": .number(Double(job.limits.fileMB << 20)),
        ])
        bytes = Array(told.code.utf8) + [0] + Array(job.code.utf8)
    }
}
