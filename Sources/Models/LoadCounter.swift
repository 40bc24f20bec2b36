/// Counts loaded blocks for a progress display.
struct LoadCounter {
    private let total: Int
    private let report: (_ done: Int, _ total: Int) -> Void
    private var done = 0

    init(total: Int, report: @escaping (_ done: Int, _ total: Int) -> Void) {
        self.total = total
        self.report = report
        report(0, total)
    }

    mutating func advance() {
        done += 1
        report(done, total)
    }
}
