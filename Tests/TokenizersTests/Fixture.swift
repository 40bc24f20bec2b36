import Foundation
import StrictJSON
import TestSupport
import Tokenizers

/// Files beside the tests.
enum Fixture {
    static func tokenizer(_ flavour: String) throws -> Tokenizer {
        try Tokenizer(path: path("\(flavour)/tokenizer.json"))
    }

    static func golden() throws -> JSONField { try document("tokenizer_golden.json") }

    static func document(_ name: String) throws -> JSONField {
        try JSONDocument(bytes(name), source: name).root
    }

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name))))
    }

    static func path(_ name: String) -> String {
        fixturesDirectory().appendingPathComponent(name).path
    }

    static func ids(_ field: JSONField) throws -> [Int32] {
        try field.array().map { Int32(try $0.integer()) }
    }
}
