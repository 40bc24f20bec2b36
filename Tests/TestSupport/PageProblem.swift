internal import Foundation

/// An exception as the DevTools protocol tells it.
struct PageException: Decodable, CustomStringConvertible {
    struct Thrown: Decodable { let description: String? }
    let text: String
    let exception: Thrown?

    var description: String { exception?.description ?? text }
}

/// Something that a page must not do.
struct PageProblem: CustomStringConvertible {
    let description: String

    private struct Message<Parameters: Decodable>: Decodable { let params: Parameters }

    private struct Request: Decodable {
        struct Details: Decodable { let url: String }
        let request: Details
    }

    private struct Failure: Decodable {
        let errorText: String
        let canceled: Bool?
    }

    private struct Call: Decodable { let type: String }

    private struct Thrown: Decodable { let exceptionDetails: PageException }

    private struct Entry: Decodable {
        struct Details: Decodable {
            let source: String
            let text: String
            let url: String?
        }
        let entry: Details
    }

    /// The problem that an event tells of, nil if it tells of none.
    /// - Parameters:
    ///   - event: what the page has told.
    ///   - folder: the start of every address that may be asked for.
    /// - Throws: that the event has another form.
    init?(_ event: HeadlessBrowser.Event, outside folder: String) throws {
        func parameters<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try JSONDecoder().decode(Message<Value>.self, from: event.message).params
        }
        switch event.method {
        case "Network.requestWillBeSent":
            let address = try parameters(Request.self).request.url
            guard !address.hasPrefix(folder) else { return nil }
            description = "request: \(address)"
        case "Network.loadingFailed":
            let failure = try parameters(Failure.self)
            // Leaving a page gives up what it still loads.
            guard failure.canceled != true else { return nil }
            description = "failed request: \(failure.errorText)"
        case "Runtime.consoleAPICalled":
            description = "console: \(try parameters(Call.self).type)"
        case "Runtime.exceptionThrown":
            description = "exception: \(try parameters(Thrown.self).exceptionDetails)"
        case "Log.entryAdded":
            let entry = try parameters(Entry.self).entry
            description = "\(entry.source): \(entry.text) \(entry.url ?? "")"
        default: return nil
        }
    }
}
