public import Foundation
internal import Synchronization

/// A Chromium without a window, driven over the DevTools protocol.
///
/// It is started with a profile of its own and without a network port; it ends with the closure
/// that uses it.
public final class HeadlessBrowser: Sendable {
    /// The variable that names the browser to use.
    public static let variable = "IDEFICS_EVAL_BROWSER"
    /// How long anything may take: long enough for a machine that is busy with a build.
    static let patience = Duration.seconds(30)

    private let process = Process()
    private let errorFile: URL
    private let talk: Mutex<Talk>

    /// What is said over the channel.
    private struct Talk {
        let channel: DevToolsChannel
        var lastCommand = 0
        /// What has come from a page and was not asked for, by the page's session.
        var events: [String: [Event]] = [:]
    }

    /// A message that was not asked for.
    struct Event: Sendable {
        let method: String
        let message: Data
    }

    /// The browser to use: the one that `IDEFICS_EVAL_BROWSER` names, whether or not it is there,
    /// or the first known one on PATH.
    public static var executable: URL? {
        let environment = ProcessInfo.processInfo.environment
        if let name = environment[variable] { return URL(fileURLWithPath: name) }
        let names = [
            "chromium", "chromium-browser", "google-chrome", "chrome", "chrome-headless-shell",
        ]
        let folders = (environment["PATH"] ?? "").split(separator: ":")
        return names.lazy.flatMap { name in folders.lazy.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
            .map { URL(fileURLWithPath: $0) }
    }

    /// Starts a browser, runs `body` with it and ends it.
    /// - Parameter body: receives the browser.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `BrowserError` if there is no browser that starts.
    static func with<Value>(
        _ body: (HeadlessBrowser) async throws -> Value
    ) async throws -> Value {
        try await withTemporaryDirectory { folder in
            let browser = try HeadlessBrowser(profile: folder)
            defer { browser.end() }
            return try await body(browser)
        }
    }

    private init(profile: URL) throws {
        guard let executable = Self.executable else {
            throw BrowserError.notFound("no Chromium on PATH")
        }
        guard Self.isProgram(executable) else {
            throw BrowserError.notFound("\(Self.variable): no program at '\(executable.path)'")
        }
        let channel = try DevToolsChannel()
        let browserEnd = channel.browserEnd
        talk = Mutex(Talk(channel: channel))
        errorFile = profile.appendingPathComponent("errors")
        try Data().write(to: errorFile)
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The protocol is spoken on the descriptors 3 and 4, which `Process` cannot set.
        let command = #"exec "$0" "$@" 3<&0 4>&1 0</dev/null 1>/dev/null"#
        process.arguments = ["-c", command, executable.path] + Self.arguments(profile)
        process.environment = Self.environment(profile)
        process.standardInput = browserEnd
        process.standardOutput = browserEnd
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        // With ours closed the browser's death ends the channel.
        try browserEnd.close()
    }

    private static func isProgram(_ file: URL) -> Bool {
        var isFolder: ObjCBool = false
        let files = FileManager.default
        return unsafe files.fileExists(atPath: file.path, isDirectory: &isFolder)
            && !isFolder.boolValue && files.isExecutableFile(atPath: file.path)
    }

    private static func arguments(_ profile: URL) -> [String] {
        [
            "--headless=new", "--remote-debugging-pipe", "--user-data-dir=\(profile.path)",
            // Containers have no sandbox to offer; the only pages are those of the test.
            "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-extensions", "--disable-breakpad", "--hide-scrollbars", "--mute-audio",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--force-color-profile=srgb", "about:blank",
        ]
    }

    private static func environment(_ profile: URL) -> [String: String] {
        var environment = ProcessInfo.processInfo.environment.filter { name, _ in
            ["PATH", "LANG", "LD_LIBRARY_PATH"].contains(name)
        }
        environment["HOME"] = profile.path
        environment["TMPDIR"] = profile.path
        return environment
    }

    /// Ends the browser and whatever it has started: they are a process group of their own.
    private func end() {
        guard process.isRunning else { return }
        let group = process.processIdentifier
        kill(getpgid(group) == group ? -group : group, SIGKILL)
        process.waitUntilExit()
    }

    /// The last lines that it wrote to stderr.
    private var lastWords: String {
        let text = String(decoding: (try? Data(contentsOf: errorFile)) ?? Data(), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).suffix(3).joined(separator: " / ")
    }
}

extension HeadlessBrowser {
    private struct Head: Decodable, Sendable {
        struct Refusal: Decodable, Sendable { let message: String }
        let id: Int?
        let method: String?
        let sessionId: String?
        let error: Refusal?
    }

    private struct Answer<Value: Decodable>: Decodable { let result: Value }

    /// An answer of which nothing is needed.
    struct Nothing: Decodable {}

    /// Sends a command and waits for its answer.
    /// - Parameters:
    ///   - command: its name in the protocol.
    ///   - parameters: its parameters, as `JSONSerialization` takes them.
    ///   - session: the page that it is for; nil for the browser itself.
    ///   - answer: the form of the answer.
    /// - Returns: the answer.
    /// - Throws: `BrowserError`.
    func send<Value: Decodable>(
        _ command: String,
        _ parameters: [String: Any] = [:],
        to session: String? = nil,
        answer: Value.Type
    ) throws -> Value {
        let number = talk.withLock { talk in
            talk.lastCommand += 1
            return talk.lastCommand
        }
        var message: [String: Any] = ["id": number, "method": command, "params": parameters]
        message["sessionId"] = session
        let bytes = try JSONSerialization.data(withJSONObject: message)
        let (head, data) = try talking(of: "the answer to \(command)") { talk, deadline in
            try talk.channel.send(bytes, until: deadline)
            return try Self.receive(talk: &talk, until: deadline) { head, _ in head.id == number }
        }
        if let error = head.error {
            throw BrowserError.refused(command: command, message: error.message)
        }
        do {
            return try JSONDecoder().decode(Answer<Value>.self, from: data).result
        } catch {
            throw BrowserError.answer(command: command, message: "\(error)")
        }
    }

    /// Waits until a page has told of something.
    func wait(for method: String, of session: String) throws {
        try talking(of: method) { talk, deadline in
            func isThere(_ talk: Talk) -> Bool {
                talk.events[session, default: []].contains { $0.method == method }
            }
            if isThere(talk) { return }
            _ = try Self.receive(talk: &talk, until: deadline) { _, talk in isThere(talk) }
        }
    }

    /// What a page has told so far.
    func events(of session: String) -> [Event] { talk.withLock { $0.events[session] ?? [] } }

    /// Forgets what a page has told.
    func forgetEvents(of session: String) { talk.withLock { $0.events[session] = nil } }

    private func talking<Value: Sendable>(
        of what: String,
        _ body: (inout Talk, ContinuousClock.Instant) throws -> Value
    ) throws -> Value {
        do {
            return try talk.withLock { try body(&$0, ContinuousClock.now + Self.patience) }
        } catch DevToolsChannel.Silence.timeout {
            // Whoever asks next is not kept waiting as long.
            end()
            throw BrowserError.timeout(what)
        } catch DevToolsChannel.Silence.ended {
            throw BrowserError.ended(lastWords)
        }
    }

    /// Takes messages until there is the one that is waited for.
    private static func receive(
        talk: inout Talk,
        until deadline: ContinuousClock.Instant,
        where isWanted: (Head, Talk) -> Bool
    ) throws -> (Head, Data) {
        while true {
            let data = try talk.channel.receive(until: deadline)
            let head = try JSONDecoder().decode(Head.self, from: data)
            if let method = head.method, let session = head.sessionId {
                talk.events[session, default: []].append(Event(method: method, message: data))
            }
            if isWanted(head, talk) { return (head, data) }
        }
    }
}
