internal import Foundation

/// A browser's DevTools messages over a pair of sockets: JSON texts, each ended by a zero byte.
///
/// Sockets, not pipes: writing to a browser that has died is an error here, not a signal that ends
/// the tests.
final class DevToolsChannel {
    /// Why nothing comes any more.
    enum Silence: Error {
        case timeout
        case ended
    }

    /// What the browser reads from and writes to.
    let browserEnd: FileHandle
    private let own: Int32
    /// What has come of messages that are not yet taken.
    private var received: [UInt8] = []

    init() throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw BrowserError.channel("no pair of sockets: \(Self.reason)")
        }
        own = ends[0]
        browserEnd = FileHandle(fileDescriptor: ends[1], closeOnDealloc: true)
    }

    deinit { close(own) }

    /// Sends a message.
    /// - Throws: `Silence` if the browser has gone or takes nothing until the deadline.
    func send(_ message: Data, until deadline: ContinuousClock.Instant) throws {
        var rest = Array(message) + [0]
        while !rest.isEmpty {
            try wait(for: Int16(POLLOUT), until: deadline)
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let count = unsafe rest.withUnsafeBytes { bytes in
                unsafe Foundation.send(own, bytes.baseAddress, bytes.count, flags)
            }
            if count < 0 && errno != EINTR && errno != EAGAIN { throw Silence.ended }
            rest.removeFirst(max(0, count))
        }
    }

    /// Waits for the next message.
    /// - Throws: `Silence` if the browser has gone or says nothing until the deadline.
    func receive(until deadline: ContinuousClock.Instant) throws -> Data {
        var searched = 0
        while true {
            if let end = received[searched...].firstIndex(of: 0) {
                defer { received.removeFirst(end + 1) }
                return Data(received[..<end])
            }
            searched = received.count
            try wait(for: Int16(POLLIN), until: deadline)
            try take()
        }
    }

    private func take() throws {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let count = unsafe chunk.withUnsafeMutableBytes { bytes in
            unsafe recv(own, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
        }
        if count < 0 && (errno == EINTR || errno == EAGAIN) { return }
        guard count > 0 else { throw Silence.ended }
        received += chunk[..<count]
    }

    private func wait(for event: Int16, until deadline: ContinuousClock.Instant) throws {
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw Silence.timeout }
            var socket = pollfd(fd: own, events: event, revents: 0)
            let milliseconds = Int32(min(left / .milliseconds(1) + 1, 60_000))
            let count = unsafe poll(&socket, 1, milliseconds)
            if count > 0 { return }
            if count < 0 && errno != EINTR {
                throw BrowserError.channel("poll: \(Self.reason)")
            }
        }
    }

    private static var reason: String { unsafe String(cString: strerror(errno)) }
}
