import EvalCore
import Foundation
import InputFiles
import StrictJSON

/// Requests on their way in, answers on their way out, in the order of the lines.
///
/// The engine may finish requests in any order; answers wait for their turn, which bounds them by
/// the number of requests that the engine holds.
final class InferSession {
    private let lines: LineReader
    private let source: String
    private let folder = FileManager.default.currentDirectoryPath
    private let write: (String) throws -> Void
    /// Requests in the engine, by number.
    private var asked: [Int: InferRequest] = [:]
    /// Answers that wait for earlier ones, by number.
    private var answers: [Int: JSONValue] = [:]
    private var readCount = 0
    private var writtenCount = 0
    /// Requests that were answered with an error.
    private(set) var failureCount = 0

    /// - Parameters:
    ///   - lines: the requests.
    ///   - source: their file, for messages.
    ///   - write: takes one line of output.
    init(_ lines: LineReader, source: String, write: @escaping (String) throws -> Void) {
        self.lines = lines
        self.source = source
        self.write = write
    }

    /// The next request that can be asked; lines that are none are answered on the way.
    func next() throws -> EngineRequest? {
        while let line = try lines.next() {
            guard !line.bytes.allSatisfy(Self.isBlank) else { continue }
            let number = readCount
            readCount += 1
            do {
                let request = try InferRequest(
                    line.bytes,
                    number: number,
                    source: source,
                    line: line.number,
                    folder: folder
                )
                asked[number] = request
                return request.request
            } catch {
                try answer(number, id: error.id, failure: error.failure)
            }
        }
        return nil
    }

    /// Takes the engine's response.
    func deliver(_ response: EngineResponse) throws {
        guard let request = asked.removeValue(forKey: response.number) else {
            preconditionFailure("the engine answered request \(response.number) twice")
        }
        switch response.result {
        case .failure(let failure):
            try answer(response.number, id: request.id, failure: failure)
        case .success(let answer):
            let value = InferAnswer.value(
                id: request.id,
                request: request.request,
                answer: answer
            )
            try self.answer(response.number, value)
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0D
    }

    private func answer(_ number: Int, id: JSONValue, failure: SampleFailure) throws {
        failureCount += 1
        try answer(number, InferAnswer.value(id: id, failure: failure))
    }

    private func answer(_ number: Int, _ value: JSONValue) throws {
        answers[number] = value
        while let value = answers.removeValue(forKey: writtenCount) {
            writtenCount += 1
            try write(value.text())
        }
    }
}
