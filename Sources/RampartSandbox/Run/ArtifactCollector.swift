import Crypto
import RampartCore
import SystemPackage

/// Collects what a run left in its scratch directory, once all its processes are dead.
///
/// Nothing here trusts a name: each file is opened by descriptor, through no link and without blocking, and
/// is taken only if it is a regular file of the run's user with one link. However many are taken, none stays
/// open.
struct ArtifactCollector {
    private let scratch: ScratchDirectory
    private let job: Job
    private let report: Report
    /// By the bytes of their names.
    private let inputs: [[UInt8]: Job.File]
    private var names = ArtifactName()
    private var keptBytes = 0
    private(set) var artifacts: [Artifact] = []
    private(set) var leftOut = LeftOut()
    /// What all files hold that were looked at, those left out among them: their sizes, or their blocks on the disk
    /// if those are more.
    private(set) var foundBytes = 0

    init(_ scratch: ScratchDirectory, for job: Job, report: Report) {
        self.scratch = scratch
        self.job = job
        self.report = report
        inputs = Dictionary(job.inputs.map { (Array($0.name.utf8), $0) }) { first, _ in first }
    }

    /// Collects the charts, then the files, until an instant; what it does not come to is left out.
    ///
    /// A folder that the script destroyed holds nothing.
    mutating func collect(until end: ContinuousClock.Instant) {
        var charts = FolderWalk(mostFiles: job.limits.files, mostDepth: 0, until: end)
        if let folder = try? scratch.open("charts") {
            charts.walk(folder)
            // A page is complete once it has its name; until then the harness hides it.
            for found in charts.files where found.path.last?.first != UInt8(ascii: ".") {
                takeChart(found, in: folder, until: end)
            }
        }
        leftOut.add(charts.leftOut)

        var files = FolderWalk(
            mostFiles: max(0, job.limits.files - artifacts.count),
            mostDepth: Self.mostDepth,
            // Those that the script did not change take nobody's place.
            inputs: Set(inputs.keys),
            until: end
        )
        if let folder = try? scratch.open("work") {
            files.walk(folder)
            for found in files.files { takeFile(found, in: folder, until: end) }
        }
        leftOut.add(files.leftOut)
    }

    private mutating func takeChart(
        _ found: FolderWalk.Found,
        in folder: OwnedDescriptor,
        until end: ContinuousClock.Instant
    ) {
        guard let taken = take(found, in: folder, until: end) else { return }
        let claim = report.charts[found.key]
        let size = pixels(of: taken, claimed: claim)
        add(
            taken,
            as: .chart(
                width: size?.width,
                height: size?.height,
                line: claim?.line,
                alt: claim?.alt,
                description: claim?.description
            )
        )
    }

    private mutating func takeFile(
        _ found: FolderWalk.Found,
        in folder: OwnedDescriptor,
        until end: ContinuousClock.Instant
    ) {
        guard !isUnchangedInput(found, in: folder, until: end),
            let taken = take(found, in: folder, until: end)
        else { return }
        guard artifacts.count < job.limits.files else {
            leftOut.add(found.displayName, because: .count)
            return
        }
        // The script was killed, and a device may have been in the middle of this file.
        guard report.end != nil || Self.isWhole(taken) else {
            leftOut.add(found.displayName, because: .kind)
            return
        }
        add(taken, as: .file(picture: Self.picture(in: taken)))
    }

    private mutating func add(_ taken: Taken, as role: Artifact.Role) {
        keptBytes += taken.content.byteCount
        artifacts.append(
            Artifact(
                name: names.claim(taken.found.names),
                originalName: taken.found.displayName,
                mediaType: taken.mediaType,
                sha256: taken.sha256,
                role: role,
                content: taken.content
            )
        )
    }

    /// A file that passed the checks.
    private struct Taken {
        let found: FolderWalk.Found
        let content: ArtifactFile
        let head: [UInt8]
        let mediaType: MediaType
        let sha256: String
    }

    private mutating func take(
        _ found: FolderWalk.Found,
        in folder: OwnedDescriptor,
        until end: ContinuousClock.Instant
    ) -> Taken? {
        guard ContinuousClock.now < end else {
            leftOut.add(found.displayName, because: .count)
            return nil
        }
        guard let file = try? SystemCalls.open(found.path, beneath: folder),
            let status = try? SystemCalls.status(of: file), isOwn(status)
        else {
            leftOut.add(found.displayName, because: .kind)
            return nil
        }
        foundBytes += status.held
        guard status.held <= job.limits.fileMB << 20,
            keptBytes + status.size <= job.limits.outputMB << 20
        else {
            leftOut.add(found.displayName, because: .size)
            return nil
        }
        let content = ArtifactFile(at: found.path, beneath: folder, status)
        guard let (head, sha256) = try? Self.digest(content, until: end) else {
            let isLate = ContinuousClock.now >= end
            leftOut.add(found.displayName, because: isLate ? .count : .kind)
            return nil
        }
        return Taken(
            found: found,
            content: content,
            head: head,
            mediaType: MediaType(head: head, name: found.displayName),
            sha256: sha256
        )
    }

    private func isOwn(_ status: SystemCalls.FileStatus) -> Bool {
        status.isRegular && status.links == 1 && status.owner == scratch.user ?? SystemCalls.user
    }

    /// Returns nil where the instant comes first.
    private static func digest(
        _ content: ArtifactFile,
        until end: ContinuousClock.Instant
    ) throws(Fault) -> (head: [UInt8], sha256: String)? {
        var hash = SHA256()
        var head: [UInt8] = []
        var offset = 0
        while offset < content.byteCount {
            guard ContinuousClock.now < end else { return nil }
            let bytes = try content.read(upTo: chunk, at: offset)
            if offset == 0 { head = Array(bytes.prefix(MediaType.headBytes)) }
            hash.update(data: bytes)
            offset += bytes.count
        }
        return (head, Hex.string(hash.finalize()))
    }

    /// Whether the script left an input as it was given; one of its size, where there is no time to read it.
    private func isUnchangedInput(
        _ found: FolderWalk.Found,
        in folder: OwnedDescriptor,
        until end: ContinuousClock.Instant
    ) -> Bool {
        guard let input = inputs[found.key],
            let file = try? SystemCalls.open(found.path, beneath: folder),
            let status = try? SystemCalls.status(of: file), isOwn(status),
            input.bytes.count == status.held
        else { return false }
        guard ContinuousClock.now < end else { return true }
        let content = ArtifactFile(at: found.path, beneath: folder, status)
        return (try? content.readAll()) == input.bytes
    }

    /// The size a chart has in px: a PNG or a GIF says so itself, in its header; a page fills the device; a widget
    /// has one where it does not fill its window.
    private func pixels(
        of taken: Taken,
        claimed claim: Report.Chart?
    ) -> (width: Int?, height: Int?)? {
        switch taken.mediaType {
        case .png, .gif: Self.picture(in: taken).map { ($0.width, $0.height) }
        case .html: (claim?.width, claim?.height)
        default: (job.chart.width, job.chart.height)
        }
    }

    // Most headers are in the part of the file that has been read.
    private static func picture(in taken: Taken) -> PictureSize? {
        PictureSize(of: taken.mediaType) { count, offset in
            let head = taken.head.dropFirst(offset).prefix(count)
            if head.count == count || taken.head.count < MediaType.headBytes { return Array(head) }
            return (try? taken.content.read(upTo: count, at: offset)) ?? []
        }
    }

    private static func isWhole(_ taken: Taken) -> Bool {
        let start = max(0, taken.content.byteCount - PictureEnd.bytes)
        let end = (try? taken.content.read(upTo: PictureEnd.bytes, at: start)) ?? []
        return PictureEnd.isWhole(taken.mediaType, name: taken.found.displayName, end: end)
    }

    private static let mostDepth = 8
    private static let chunk = 256 << 10
}
