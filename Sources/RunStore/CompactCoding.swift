/// Byte forms of the lists that every sample has, a fraction of the size of JSON.
enum CompactCoding {
    /// Numbers as LEB128: seven bits a byte, least significant first.
    static func encode(_ numbers: some Sequence<UInt64>) -> [UInt8] {
        var bytes: [UInt8] = []
        for var number in numbers {
            while number >= 0x80 {
                bytes.append(UInt8(truncatingIfNeeded: number) | 0x80)
                number >>= 7
            }
            bytes.append(UInt8(number))
        }
        return bytes
    }

    /// The numbers, nil if the bytes are not such a list.
    static func numbers(_ bytes: some Sequence<UInt8>) -> [UInt64]? {
        var numbers: [UInt64] = []
        var number: UInt64 = 0
        var shift: UInt64 = 0
        for byte in bytes {
            guard shift < 63 || (shift == 63 && byte & 0x7F <= 1) else { return nil }
            number |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                numbers.append(number)
                (number, shift) = (0, 0)
            } else {
                shift += 7
            }
        }
        return shift == 0 ? numbers : nil
    }

    /// Numbers to the last bit, little-endian, after a byte that says their width: 4 if all of
    /// them are exact in single precision, else 8.
    static func encode(_ values: [Double]) -> [UInt8] {
        if values.isEmpty { return [] }
        if values.allSatisfy({ Double(Float($0)) == $0 }) {
            return values.reduce(into: [4]) { bytes, value in
                append(UInt64(Float(value).bitPattern), width: 4, to: &bytes)
            }
        }
        return values.reduce(into: [8]) { append($1.bitPattern, width: 8, to: &$0) }
    }

    /// The numbers, nil if the bytes are not such a list.
    static func doubles(_ bytes: [UInt8]) -> [Double]? {
        guard let width = bytes.first.map(Int.init) else { return [] }
        guard width == 4 || width == 8, bytes.count % width == 1 else { return nil }
        return stride(from: 1, to: bytes.count, by: width).map { start in
            let bits = bytes[start..<(start + width)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
            return width == 4
                ? Double(Float(bitPattern: UInt32(bits))) : Double(bitPattern: bits)
        }
    }

    /// The 32 bytes of a SHA-256 in hexadecimal, nil if it is none.
    static func digest(_ hex: String) -> [UInt8]? {
        guard hex.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for digit in hex.utf8 {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return bytes
    }

    /// Hexadecimal digits of bytes.
    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self
        )
    }

    private static func append(_ bits: UInt64, width: Int, to bytes: inout [UInt8]) {
        for index in 0..<width {
            bytes.append(UInt8(truncatingIfNeeded: bits >> (8 * UInt64(index))))
        }
    }
}
