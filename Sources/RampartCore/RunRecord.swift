/// All that is known of a run when its processes are dead and its files collected.
package struct RunRecord: Sendable {
    package let outcome: Outcome
    package let report: Report
    package let transcript: Transcript?
    package let stdout: CapturedText
    package let stderr: CapturedText
    package let artifacts: [Artifact]
    package let leftOut: LeftOut
    package let usage: Usage
    package let confinement: Confinement

    package init(
        outcome: Outcome,
        report: Report,
        transcript: Transcript?,
        stdout: CapturedText,
        stderr: CapturedText,
        artifacts: [Artifact],
        leftOut: LeftOut,
        usage: Usage,
        confinement: Confinement
    ) {
        self.outcome = outcome
        self.report = report
        self.transcript = transcript
        self.stdout = stdout
        self.stderr = stderr
        self.artifacts = artifacts
        self.leftOut = leftOut
        self.usage = usage
        self.confinement = confinement
    }
}
