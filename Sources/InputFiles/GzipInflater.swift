import CZlib

/// Decompresses one gzip file, whose members may follow each other.
@safe
final class GzipInflater {
    private let stream: UnsafeMutablePointer<z_stream>
    private let path: String
    private var input: [UInt8] = []
    private var inputStart = 0
    /// False before the first byte of a member and behind its last.
    private var isInsideMember = false

    init(path: String) throws {
        self.path = path
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, plus 16: a gzip header and checksum, nothing else.
        let status = unsafe inflateInit2_(
            stream,
            15 + 16,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        guard status == Z_OK else {
            unsafe stream.deallocate()
            throw InputFileError.unreadable(path: path, reason: "zlib: status \(status)")
        }
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The next bytes of the content.
    /// - Parameters:
    ///   - count: how many at most; fewer only at the end.
    ///   - nextInput: gives the next compressed bytes, none at the end of the file.
    /// - Returns: the bytes; none at the end.
    /// - Throws: ``InputFileError`` if the data are damaged or end too early.
    func next(upTo count: Int, from nextInput: () throws -> [UInt8]) throws -> [UInt8] {
        try unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count, try hasInput(nextInput) {
                let rest = unsafe UnsafeMutableBufferPointer(rebasing: buffer[filled..<count])
                filled += try unsafe inflate(into: rest)
            }
        }
    }

    /// Makes sure that bytes of a member are at hand; false behind the last member.
    private func hasInput(_ nextInput: () throws -> [UInt8]) throws -> Bool {
        while true {
            if inputStart == input.count {
                (input, inputStart) = (try nextInput(), 0)
                if input.isEmpty, isInsideMember { throw InputFileError.truncatedGzip(path: path) }
                if input.isEmpty { return false }
            }
            if isInsideMember || input[inputStart] == 0x1F { return true }
            // Tape blocks are padded with zeroes; anything else behind a member is damage.
            guard input[inputStart] == 0 else {
                throw InputFileError.corruptGzip(
                    path: path,
                    reason: "other bytes follow the compressed data"
                )
            }
            inputStart += 1
        }
    }

    /// Decompresses until the input is used up, the output is full or a member ends.
    private func inflate(into output: UnsafeMutableBufferPointer<UInt8>) throws -> Int {
        isInsideMember = true
        let status = unsafe input.withUnsafeMutableBufferPointer { input in
            let rest = unsafe UnsafeMutableBufferPointer(rebasing: input[inputStart...])
            unsafe stream.pointee.next_in = rest.baseAddress
            unsafe stream.pointee.avail_in = UInt32(rest.count)
            unsafe stream.pointee.next_out = output.baseAddress
            unsafe stream.pointee.avail_out = UInt32(output.count)
            return unsafe CZlib.inflate(stream, Z_NO_FLUSH)
        }
        inputStart = unsafe input.count - Int(stream.pointee.avail_in)
        switch status {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END:
            isInsideMember = false
            unsafe inflateReset(stream)
        default:
            let text = unsafe stream.pointee.msg
            let reason = unsafe text.map { unsafe String(cString: $0) } ?? "status \(status)"
            throw InputFileError.corruptGzip(path: path, reason: reason)
        }
        return unsafe output.count - Int(stream.pointee.avail_out)
    }
}
