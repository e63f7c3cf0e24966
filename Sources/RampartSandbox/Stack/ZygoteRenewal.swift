/// When a zygote is replaced though nothing is wrong with it: what each fork leaks a little of, ten thousand
/// leak a lot of.
package struct ZygoteRenewal: Sendable {
    /// How many workers it may fork.
    var mostForks = 1000
    /// By how much its resident size may grow, as a share of what it had when it was ready.
    var mostGrowth = 0.25

    package init() {}

    init(mostForks: Int, mostGrowth: Double) {
        self.mostForks = mostForks
        self.mostGrowth = mostGrowth
    }

    func isDue(for zygote: Zygote) -> Bool {
        isDue(
            forks: zygote.forks,
            resident: ProcessStatus.residentBytes(of: zygote.pid) ?? 0,
            initially: zygote.initialResidentBytes
        )
    }

    /// Whether it is twice what makes it due: then it is replaced though a caller may have to wait for it.
    func isOverdue(for zygote: Zygote) -> Bool {
        ZygoteRenewal(mostForks: 2 * mostForks, mostGrowth: 2 * mostGrowth).isDue(for: zygote)
    }

    func isDue(forks: Int, resident: Int64, initially: Int64) -> Bool {
        forks >= mostForks || Double(resident - initially) > mostGrowth * Double(initially)
    }
}
