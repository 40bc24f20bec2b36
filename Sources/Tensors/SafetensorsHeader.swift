import StrictJSON

/// What a safetensors header says about one tensor.
public struct SafetensorsEntry: Sendable, Equatable {
    /// Full dotted name.
    public let name: String
    /// Element type as stored.
    public let dtype: DType
    /// Extents, outermost first.
    public let shape: [Int]
    /// Bytes of the elements, counted from the end of the header.
    public let range: Range<Int>
}

/// The checked header of a safetensors file.
///
/// Accepts what the reference implementation (the `safetensors` crate, 0.8) accepts, but for one
/// thing: a name that occurs twice is refused, as the format demands; the crate lets the later win.
struct SafetensorsHeader: Sendable {
    /// The largest header that is read, as in the reference implementation.
    static let byteLimit = 100_000_000
    /// Bytes of the length in front of the header.
    static let prefixByteCount = 8

    private(set) var metadata: [String: String] = [:]
    /// By position in the file.
    private(set) var entries: [SafetensorsEntry] = []

    /// Reads and checks a header.
    /// - Parameters:
    ///   - bytes: the JSON text, padding included.
    ///   - dataByteCount: bytes that the file has behind the header.
    ///   - path: for errors.
    /// - Throws: `SafetensorsError`.
    init(_ bytes: [UInt8], dataByteCount: Int, path: String) throws {
        do {
            var scanner = JSONScanner(bytes, source: path)
            try scanner.forEachMember { name, value in try read(name, &value) }
            try scanner.finish()
        } catch let error as JSONError {
            throw SafetensorsError(path: path, reason: .header(error.message, at: error.offset))
        }
        // A tensor without elements stands in front of the one that begins where it does.
        entries.sort {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
        try checkLayout(dataByteCount: dataByteCount, path: path)
    }

    private mutating func read(_ name: String, _ value: inout JSONScanner) throws {
        if name == "__metadata__" {
            if try value.takeNull() { return }
            try value.forEachMember { key, text in metadata[key] = try text.string() }
        } else {
            entries.append(try Self.entry(name, &value))
        }
    }

    private enum Field: String, CaseIterable, Sendable {
        case dtype, shape
        case offsets = "data_offsets"
    }

    private static let fields = JSONFields<Field>()

    private static func entry(
        _ name: String,
        _ value: inout JSONScanner
    ) throws -> SafetensorsEntry {
        var dtype: DType?
        var shape: [Int]?
        var offsets: [Int]?
        try value.forEachMember(fields) { field, value in
            switch field {
            case .dtype: dtype = try Self.dtype(&value)
            case .shape: shape = try naturals(&value)
            case .offsets: offsets = try naturals(&value)
            }
        }
        guard let dtype, let shape, let offsets else {
            throw value.failure("tensor '\(name)' lacks dtype, shape or data_offsets")
        }
        guard offsets.count == 2, offsets[0] <= offsets[1] else {
            throw value.failure(
                "tensor '\(name)' has data_offsets \(offsets), expected [begin, end]"
            )
        }
        return SafetensorsEntry(
            name: name,
            dtype: dtype,
            shape: shape,
            range: offsets[0]..<offsets[1]
        )
    }

    private static func dtype(_ value: inout JSONScanner) throws -> DType {
        let name = try value.string()
        // By bytes: String equality would accept canonical equivalents.
        guard let dtype = DType.allCases.first(where: { $0.rawValue.utf8.elementsEqual(name.utf8) })
        else { throw value.failure("dtype '\(name.prefix(40))' is unknown") }
        return dtype
    }

    private static func naturals(_ value: inout JSONScanner) throws -> [Int] {
        var numbers: [Int] = []
        try value.forEachElement { element in
            let number = try element.integer()
            guard number >= 0 else { throw element.failure("expected 0 or more, got \(number)") }
            numbers.append(number)
        }
        return numbers
    }

    /// Tensors must cover the data without holes or overlaps, each as large as its shape says.
    private func checkLayout(dataByteCount: Int, path: String) throws {
        var end = 0
        for entry in entries {
            guard entry.range.lowerBound == end else {
                throw SafetensorsError(
                    path: path,
                    reason: .gap(entry.name, begin: entry.range.lowerBound, end: end)
                )
            }
            guard let size = Self.byteCount(of: entry), size == entry.range.count else {
                throw SafetensorsError(
                    path: path,
                    reason: .size(entry.name, entry.dtype, entry.shape, got: entry.range.count)
                )
            }
            end = entry.range.upperBound
        }
        guard end == dataByteCount else {
            throw SafetensorsError(path: path, reason: .length(got: dataByteCount, expected: end))
        }
    }

    /// Bytes that dtype and shape take; nil if they overflow or are not whole.
    ///
    /// The order of factors matters as it does in the reference: a zero in front makes large
    /// extents harmless.
    private static func byteCount(of entry: SafetensorsEntry) -> Int? {
        var bits: UInt = 1
        for factor in entry.shape + [entry.dtype.bitCount] {
            let (product, overflow) = bits.multipliedReportingOverflow(by: UInt(factor))
            guard !overflow else { return nil }
            bits = product
        }
        return bits % 8 == 0 ? Int(bits / 8) : nil
    }
}
