public import Foundation

/// How a page is looked at.
public struct PageLook: Sendable, CustomStringConvertible {
    /// The colours that the reader prefers.
    public enum Scheme: String, Sendable, CaseIterable {
        /// Dark text on light paper.
        case light
        /// Light text on dark paper.
        case dark
    }

    /// Width of the window in CSS pixels.
    public var width: Int
    /// Height of the window in CSS pixels.
    public var height: Int
    /// The colours that the reader prefers.
    public var scheme: Scheme
    /// False if the pages' own scripts do not run.
    public var runsScripts: Bool

    /// Describes a look.
    public init(
        width: Int = 1280,
        height: Int = 900,
        scheme: Scheme = .light,
        runsScripts: Bool = true
    ) {
        self.width = width
        self.height = height
        self.scheme = scheme
        self.runsScripts = runsScripts
    }

    /// Width and colours, for messages and names of files.
    public var description: String { "\(width)-\(scheme.rawValue)" }
}

/// A page in a headless browser of its own, without a network.
public final class BrowserPage: Sendable {
    private let browser: HeadlessBrowser
    private let session: String

    /// Starts a browser with an empty page, runs `body` with it and ends the browser.
    /// - Parameter body: receives the page.
    /// - Returns: what `body` returns.
    /// - Throws: what `body` throws, or `BrowserError`.
    public static func with<Value>(
        _ body: (BrowserPage) async throws -> Value
    ) async throws -> Value {
        try await HeadlessBrowser.with { try await body(BrowserPage(in: $0)) }
    }

    private init(in browser: HeadlessBrowser) throws {
        struct Target: Decodable { let targetId: String }
        struct Session: Decodable { let sessionId: String }
        self.browser = browser
        let target = try browser.send(
            "Target.createTarget",
            ["url": "about:blank"],
            answer: Target.self
        )
        session = try browser.send(
            "Target.attachToTarget",
            ["targetId": target.targetId, "flatten": true],
            answer: Session.self
        )
        .sessionId
        for domain in ["Page", "Runtime", "Log", "Network"] { try send("\(domain).enable") }
        try send(
            "Network.emulateNetworkConditions",
            ["offline": true, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1]
        )
        // Keys reach the page as if its window were in front.
        try send("Emulation.setFocusEmulationEnabled", ["enabled": true])
        try show(PageLook())
    }

    /// Looks at this and later pages in another way.
    /// - Throws: `BrowserError`.
    public func show(_ look: PageLook) throws {
        try send(
            "Emulation.setDeviceMetricsOverride",
            [
                "width": look.width, "height": look.height, "deviceScaleFactor": 1,
                "mobile": false,
            ]
        )
        let scheme = ["name": "prefers-color-scheme", "value": look.scheme.rawValue]
        try send("Emulation.setEmulatedMedia", ["features": [scheme]])
        try send("Emulation.setScriptExecutionDisabled", ["value": !look.runsScripts])
    }

    /// Opens an address and waits until it is loaded; nothing of the page before is left.
    /// - Throws: `BrowserError`, among others that there is no such page.
    public func open(_ address: URL) throws {
        try load("about:blank")
        try load(address.absoluteString)
    }

    private func load(_ address: String) throws {
        struct Navigation: Decodable { let errorText: String? }
        browser.forgetEvents(of: session)
        let navigation = try send("Page.navigate", ["url": address], answer: Navigation.self)
        if let error = navigation.errorText {
            throw BrowserError.refused(command: "to open \(address)", message: error)
        }
        try browser.wait(for: "Page.loadEventFired", of: session)
    }

    /// What an expression of JavaScript is on the page.
    /// - Throws: `BrowserError` if it throws or is something else.
    public func value<Value: Decodable>(
        _ script: String,
        as type: Value.Type = Value.self
    ) throws -> Value {
        let parameters: [String: Any] = ["expression": script, "returnByValue": true]
        let answer = try send("Runtime.evaluate", parameters, answer: Evaluation<Value>.self)
        switch answer {
        case .value(let value): return value
        case .exception(let exception):
            throw BrowserError.script(script, message: exception.description)
        }
    }

    /// Runs a statement of JavaScript on the page.
    /// - Throws: `BrowserError` if it throws.
    public func run(_ script: String) throws {
        _ = try value("(() => { \(script); return true })()", as: Bool.self)
    }

    /// Waits until an expression of JavaScript is true.
    /// - Throws: `BrowserError` if it does not become so.
    public func wait(until script: String) throws {
        let deadline = ContinuousClock.now + HeadlessBrowser.patience
        while try !value(script, as: Bool.self) {
            guard ContinuousClock.now < deadline else { throw BrowserError.timeout(script) }
            usleep(20_000)
        }
    }

    /// What the window shows, as a PNG file.
    /// - Throws: `BrowserError`.
    public func picture() throws -> Data {
        struct Picture: Decodable { let data: Data }
        return try send("Page.captureScreenshot", ["format": "png"], answer: Picture.self).data
    }

    /// What a page must not do and has done since it was opened: requests that lead out of
    /// `folder` or fail, messages on the console, exceptions, breaches of its policy.
    /// - Throws: `BrowserError`.
    public func problems(outside folder: URL) throws -> [String] {
        // With its answer comes all that was told before.
        try run("")
        return try browser.events(of: session).compactMap { event in
            try PageProblem(event, outside: folder.absoluteString)?.description
        }
    }

    private func send<Value: Decodable>(
        _ command: String,
        _ parameters: [String: Any] = [:],
        answer: Value.Type
    ) throws -> Value {
        try browser.send(command, parameters, to: session, answer: answer)
    }

    func send(_ command: String, _ parameters: [String: Any] = [:]) throws {
        _ = try send(command, parameters, answer: HeadlessBrowser.Nothing.self)
    }
}

/// What came of a script.
private enum Evaluation<Value: Decodable>: Decodable {
    case value(Value)
    case exception(PageException)

    private struct Result: Decodable { let value: Value }
    private enum CodingKeys: CodingKey { case result, exceptionDetails }

    init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: CodingKeys.self)
        if let exception = try answer.decodeIfPresent(
            PageException.self,
            forKey: .exceptionDetails
        ) {
            self = .exception(exception)
        } else {
            self = .value(try answer.decode(Result.self, forKey: .result).value)
        }
    }
}
