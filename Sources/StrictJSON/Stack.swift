/// Growable memory for plain values, without the uniqueness and bounds checks of arrays.
///
/// Those would take a third of a scan. Unsafe code stands in this file and in `ByteWindow.swift`.
@safe
struct Stack<Element: BitwiseCopyable>: ~Copyable {
    private(set) var count = 0
    private var capacity: Int
    private var base: UnsafeMutablePointer<Element>

    init(capacity: Int) {
        self.capacity = capacity
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

    subscript(index: Int) -> Element {
        get {
            assert(index >= 0 && index < count, "stack index \(index) of \(count)")
            return unsafe base[index]
        }
        _modify {  // in place: a whole element is several times the field that changes
            assert(index >= 0 && index < count, "stack index \(index) of \(count)")
            yield unsafe &base[index]
        }
    }

    var last: Element {
        get { self[count - 1] }
        _modify { yield &self[count - 1] }
    }

    mutating func append(_ element: Element) {
        if count == capacity { grow(to: count + 1) }
        unsafe (base + count).initialize(to: element)
        count += 1
    }

    mutating func append(_ elements: [Element]) {
        if count + elements.count > capacity { grow(to: count + elements.count) }
        unsafe elements.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + count).initialize(from: start, count: source.count)
        }
        count += elements.count
    }

    /// Appends bytes behind which at least sixteen more can be read.
    mutating func append(
        padded source: UnsafePointer<UInt8>,
        count added: Int
    ) where Element == UInt8 {
        if count + max(added, 16) > capacity { grow(to: count + max(added, 16)) }
        if added <= 16 {  // most keys; without a call to copy memory
            let bytes = unsafe UnsafeRawPointer(source).loadUnaligned(as: SIMD2<UInt64>.self)
            unsafe UnsafeMutableRawPointer(base + count).storeBytes(
                of: bytes,
                as: SIMD2<UInt64>.self
            )
        } else {
            unsafe (base + count).initialize(from: source, count: added)
        }
        count += added
    }

    mutating func shrink(to newCount: Int) {
        assert(newCount >= 0 && newCount <= count, "stack of \(count) shrunk to \(newCount)")
        count = newCount
    }

    func array(_ range: Range<Int>) -> [Element] {
        assert(range.lowerBound >= 0 && range.upperBound <= count, "stack range \(range)")
        return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// True if the elements of both ranges have the same bytes.
    func isEqual(_ left: Range<Int>, _ right: Range<Int>) -> Bool where Element == UInt8 {
        guard left.count == right.count else { return false }
        for offset in 0..<left.count
        where unsafe base[left.lowerBound + offset] != base[right.lowerBound + offset] {
            return false
        }
        return true
    }

    /// True if the range holds exactly these bytes.
    func isEqual(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool where Element == UInt8 {
        guard range.count == bytes.count else { return false }
        for offset in 0..<bytes.count
        where unsafe base[range.lowerBound + offset] != bytes[offset] {
            return false
        }
        return true
    }

    /// A hash of the range's bytes with the process's random seed.
    func hash(_ range: Range<Int>) -> Int {
        var hasher = Hasher()
        unsafe hasher.combine(
            bytes: UnsafeRawBufferPointer(
                UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
            )
        )
        return hasher.finalize()
    }

    private mutating func grow(to needed: Int) {
        capacity = max(needed, 2 * capacity)
        let fresh = UnsafeMutablePointer<Element>.allocate(capacity: capacity)
        unsafe fresh.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = unsafe fresh
    }
}
