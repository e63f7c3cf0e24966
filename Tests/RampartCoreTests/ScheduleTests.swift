import Foundation
import RampartCore
import Testing

@Suite("A schedule")
struct ScheduleTests {
    private let now = ContinuousClock.now

    @Test func `divides what is left before the deadline, in the order of the steps`() throws {
        let schedule = schedule(.seconds(10))
        let script = try #require(schedule.script)
        #expect(script == now + .milliseconds(8500))
        #expect(schedule.inputs(from: now) == script)
        #expect(schedule.collecting(after: now + .seconds(3)) == script + .milliseconds(750))
        #expect(schedule.storing(from: now) == now + .milliseconds(9300))
        #expect(schedule.encoding == now + .milliseconds(9550))
        #expect(schedule.tidying == now + .milliseconds(9800))
    }

    @Test func `gives the store its least time even if the script took all`() {
        let late = now + .milliseconds(9900)
        #expect(schedule(.seconds(10)).storing(from: late) == late + .milliseconds(100))
    }

    @Test func `has the bounds of the steps alone without a deadline`() {
        let schedule = Schedule(arrival: now)
        #expect(schedule.script == nil && schedule.encoding == nil && schedule.tidying == nil)
        #expect(schedule.inputs(from: now) == now + .seconds(30))
        #expect(schedule.storing(from: now) == now + .seconds(30))
        #expect(schedule.collecting(after: now) == now + .milliseconds(5750))
    }

    @Test func `is in docs/architecture.md as it is here`() throws {
        let page = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
                .appending(path: "docs/architecture.md"),
            encoding: .utf8
        )
        let steps = Schedule.table.map { "| \($0.step) | \($0.end) |" }
        let bounds = Bound.allCases.map { "| \($0.rawValue) | \(Self.text($0.duration)) |" }
        for row in steps + bounds { #expect(page.contains("\n\(row)\n"), "missing: \(row)") }
    }

    private func schedule(_ left: Duration) -> Schedule {
        Schedule(deadline: Deadline(at: now + left), arrival: now)
    }

    private static func text(_ duration: Duration) -> String {
        let milliseconds = duration.milliseconds
        return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
}
