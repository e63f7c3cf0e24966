import Foundation
import Testing

@testable import RampartAWS

@Suite("The clock of S3")
struct S3ClockTests {
    private let now = Date(timeIntervalSince1970: 1_369_353_600)

    @Test func `is this machine's until S3 says otherwise`() {
        #expect(S3Clock().amzDate(at: now) == "20130524T000000Z")
    }

    @Test func `goes by a reply's date from then on`() {
        var clock = S3Clock()
        clock.set(by: "Fri, 24 May 2013 03:00:05 GMT", at: now)
        #expect(clock.amzDate(at: now.addingTimeInterval(10)) == "20130524T030015Z")
    }

    @Test(arguments: [nil, "", "yesterday"])
    func `is not changed by what is no date`(header: String?) {
        var clock = S3Clock()
        clock.set(by: header, at: now)
        #expect(clock == S3Clock())
    }
}
