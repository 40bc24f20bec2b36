/// Numbers at a chosen misalignment with guards on both sides: NaN bits where a kernel must not
/// read and where a write would show.
@safe
final class Operand<Element: BitwiseCopyable & Equatable> {
    private let memory: UnsafeMutablePointer<Element>
    private let count: Int
    private let lead: Int
    private let guardValue: Element
    private static var guardCount: Int { 80 }

    init(_ values: [Element], misalignment: Int, guardValue: Element) {
        count = values.count
        lead = Self.guardCount + misalignment
        self.guardValue = guardValue
        let total = lead + count + Self.guardCount
        unsafe memory = .allocate(capacity: total)
        unsafe memory.initialize(repeating: guardValue, count: total)
        unsafe (memory + lead).update(from: values, count: count)
    }

    deinit { unsafe memory.deallocate() }

    var start: UnsafeMutablePointer<Element> { unsafe memory + lead }

    var values: [Element] { unsafe Array(UnsafeBufferPointer(start: start, count: count)) }

    /// Whether nothing was written outside of the values.
    func guardsAreIntact(_ isGuard: (Element) -> Bool) -> Bool {
        (0..<lead).allSatisfy { unsafe isGuard(memory[$0]) }
            && (lead + count..<lead + count + Self.guardCount)
                .allSatisfy { unsafe isGuard(memory[$0]) }
    }
}
