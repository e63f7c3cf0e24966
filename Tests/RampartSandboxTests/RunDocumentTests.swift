import CSandbox
import RampartCore
import Testing

@testable import RampartSandbox

@Suite("The document of a run")
struct RunDocumentTests {
    @Test func `is the code of a list, a NUL, and the script`() {
        let document = RunDocument(.make("plot(1)"))
        let told = """
            list(format="png",width=1600L,height=1000L,dpi=150L,seed=NULL,transcript=FALSE,file_bytes=33554432.0)
            """
        #expect(String(decoding: document.bytes, as: UTF8.self) == told + "\0plot(1)")
    }

    @Test(arguments: [
        (RLiteral.null, "NULL"), (.truth(true), "TRUE"), (.integer(-5), "-5L"),
        (.number(0.5), "0.5"),
        (.text("Az09"), #""Az09""#), (.text("a\"\\\n"), #""a\U{22}\U{5c}\U{a}""#),
        (.text("é🙂\0"), #""\U{e9}\U{1f642}""#),
        (.list([:]), "list()"), (.list(["a": .list(["b": .null])]), "list(a=list(b=NULL))"),
    ])
    func `has no text that could be code`(literal: RLiteral, code: String) {
        #expect(literal.code == code)
    }
}

@Suite("The words of a report")
struct ReportWordTests {
    @Test func `are the same in the host and in R`() {
        let kinds = [
            RAMPART_FRAME_START, RAMPART_FRAME_SOURCE, RAMPART_FRAME_CONDITION, RAMPART_FRAME_CHART,
            RAMPART_FRAME_VALUE, RAMPART_FRAME_ERROR, RAMPART_FRAME_END, RAMPART_FRAME_DESCRIPTION,
            RAMPART_FRAME_ADVICE, RAMPART_FRAME_SHORT,
        ]
        #expect(ReportFrame.Kind.allCases.map(\.rawValue) == kinds)
        #expect(
            Report.End.allCases.map(\.rawValue) == [RAMPART_END_COMPLETED, RAMPART_END_FAILED]
        )
        #expect(ReportDecoder.frameMax == RAMPART_FRAME_MAX)
        #expect(ReportDecoder.reportMax == RAMPART_REPORT_MAX)
    }
}
