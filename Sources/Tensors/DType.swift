/// Element type of a tensor, out of those that safetensors files may hold.
public enum DType: String, Sendable, CaseIterable {
    /// IEEE single precision.
    case f32 = "F32"
    /// The upper half of a single.
    case bf16 = "BF16"
    /// IEEE half precision.
    case f16 = "F16"
    /// IEEE double precision.
    case f64 = "F64"
    /// Signed 64-bit integers.
    case i64 = "I64"
    /// Signed 32-bit integers.
    case i32 = "I32"
    /// Signed 16-bit integers.
    case i16 = "I16"
    /// Signed bytes.
    case i8 = "I8"
    /// Unsigned 64-bit integers.
    case u64 = "U64"
    /// Unsigned 32-bit integers.
    case u32 = "U32"
    /// Unsigned 16-bit integers.
    case u16 = "U16"
    /// Bytes.
    case u8 = "U8"
    /// One byte per truth value.
    case bool = "BOOL"

    /// Two singles: a complex number.
    case c64 = "C64"
    /// Eight bits, five of them exponent.
    case f8e5m2 = "F8_E5M2"
    /// Eight bits, four of them exponent.
    case f8e4m3 = "F8_E4M3"
    /// Eight bits of exponent.
    case f8e8m0 = "F8_E8M0"
    /// `f8e5m2` without infinities and negative zero.
    case f8e5m2fnuz = "F8_E5M2FNUZ"
    /// `f8e4m3` without infinities and negative zero.
    case f8e4m3fnuz = "F8_E4M3FNUZ"
    /// Six bits, two of them exponent.
    case f6e2m3 = "F6_E2M3"
    /// Six bits, three of them exponent.
    case f6e3m2 = "F6_E3M2"
    /// Four bits.
    case f4 = "F4"

    /// Bits per element; only the last three types are not whole bytes.
    public var bitCount: Int {
        switch self {
        case .f64, .i64, .u64, .c64: 64
        case .f32, .i32, .u32: 32
        case .bf16, .f16, .i16, .u16: 16
        case .i8, .u8, .bool, .f8e5m2, .f8e4m3, .f8e8m0, .f8e5m2fnuz, .f8e4m3fnuz: 8
        case .f6e2m3, .f6e3m2: 6
        case .f4: 4
        }
    }

    /// Bytes that one element takes alone.
    public var byteCount: Int { (bitCount + 7) / 8 }

    /// Whether the backend can read it as numbers: f32, bf16 or f16.
    public var isReadableAsFloats: Bool {
        switch self {
        case .f32, .bf16, .f16: true
        default: false
        }
    }
}
