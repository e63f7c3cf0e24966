import Foundation
import RampartFuzz

/// The step that each walker is at, in a file that outlives a trap: one line of fixed length a walker.
struct UnderWay: Sendable {
    private let path: String

    init(at path: String) { self.path = path }

    /// A walker's place in the file.
    struct Place {
        fileprivate let handle: FileHandle
        fileprivate let offset: UInt64

        /// Notes a step before it is taken.
        func note(_ target: FuzzTarget, _ seed: Int) throws {
            let number = String(seed)
            let padding = String(repeating: "0", count: max(0, digits - number.count))
            try handle.seek(toOffset: offset)
            try handle.write(contentsOf: Data("\(target.rawValue) \(padding)\(number)\n".utf8))
        }
    }

    func place(of walker: Int, at target: FuzzTarget) throws -> Place {
        let length = target.rawValue.count + digits + 2
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        return Place(handle: handle, offset: UInt64(walker * length))
    }

    /// The steps that were being taken last.
    func steps() throws -> [(target: FuzzTarget, seed: Int)] {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return text.split(separator: "\n").compactMap { line in
            let parts = line.split(separator: " ")
            guard parts.count == 2, let target = FuzzTarget(rawValue: String(parts[0])),
                let seed = Int(parts[1])
            else { return nil }
            return (target, seed)
        }
    }

    /// Forgets all steps.
    func clear() throws { try Data().write(to: URL(filePath: path)) }
}

/// A seed in decimal has at most so many.
private let digits = 19
