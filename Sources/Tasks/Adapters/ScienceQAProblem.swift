internal import EvalCore
internal import StrictJSON

/// What one problem of ScienceQA's `problems.json` says.
struct ScienceQAProblem {
    /// The members that are read.
    enum Field: String, CaseIterable {
        case question, choices, answer, hint, image, grade, subject, solution, split
    }
    typealias Fields = JSONFields<Field>

    /// As many answers as there are letters.
    private static let choiceLimit = 5

    private(set) var question: String?
    private(set) var choices: [String]?
    /// The right choice, from 0.
    private(set) var answer: Int?
    private(set) var hint = ""
    /// The name of the picture's file.
    private(set) var image: String?
    /// True if the problem says which picture it has, or that it has none.
    private(set) var hasImageMember = false
    /// The official report's name of the grades.
    private(set) var grade: String?
    /// The official report's name of the subject.
    private(set) var subject: String?
    private(set) var solution: String?
    /// The place of its split's name in `ScienceQAFile.parts`.
    private(set) var part: Int?

    /// Reads a problem.
    init(_ record: inout JSONScanner, _ fields: Fields) throws {
        try record.forEachMember(fields) { field, value in
            switch field {
            case .question: question = try value.string()
            case .choices: choices = try Self.choices(&value)
            case .answer: answer = try value.naturalNumber()
            case .hint: hint = try value.string()
            case .image:
                hasImageMember = true
                image = try value.optionalString()
                if let name = image { try value.checkFileName(Array(name.utf8)) }
            case .grade: grade = try Self.grade(&value)
            case .subject: subject = try Self.subject(&value)
            case .solution: solution = try value.string()
            case .split: part = try Self.part(&value)
            }
        }
    }

    /// The text of the problem (protocol.md section 3.6), its choices under their letters.
    func context(_ labels: LabelTranslation) -> String {
        var text = hint.isEmpty ? "" : "Context: \(hint.joiningLines)\n"
        text += "Question: \((question ?? "").joiningLines)\n"
        text += "Choose the best answer among:\n"
        for (number, choice) in (choices ?? []).enumerated() {
            text += "\(labels[String(number)]?.name ?? "") - \(choice.joiningLines)\n"
        }
        return text
    }
}

extension ScienceQAProblem {
    private static func choices(_ list: inout JSONScanner) throws -> [String] {
        var choices: [String] = []
        try list.forEachElement { choices.append(try $0.string()) }
        guard (2...Self.choiceLimit).contains(choices.count) else {
            throw list.failure("expected 2 to \(Self.choiceLimit) choices, got \(choices.count)")
        }
        return choices
    }

    private static func part(_ value: inout JSONScanner) throws -> Int {
        let name = try value.string()
        guard let part = ScienceQAFile.parts.firstIndex(of: name) else {
            throw value.failure(
                "\"\(name.beginning)\" is none of the splits "
                    + ScienceQAFile.parts.joined(separator: ", ")
            )
        }
        return part
    }

    /// The official report's name of a problem's subject.
    private static func subject(_ value: inout JSONScanner) throws -> String {
        let name = try value.string()
        switch name {
        case "natural science": return "NAT"
        case "social science": return "SOC"
        case "language science": return "LAN"
        default:
            throw value.failure(
                "\"\(name.beginning)\" is none of natural science, social science, "
                    + "language science"
            )
        }
    }

    /// The official report's name of the grades that a problem's belongs to.
    private static func grade(_ value: inout JSONScanner) throws -> String {
        let name = try value.string()
        let known = (1...12).first { "grade\($0)" == name }
        guard let number = known else {
            throw value.failure("\"\(name.beginning)\" is none of grade1 to grade12")
        }
        return number <= 6 ? "G1-6" : "G7-12"
    }
}

extension String {
    /// The text with each two line feeds in a row made one, in one pass from the start.
    fileprivate var joiningLines: String {
        var bytes: [UInt8] = []
        var isSecond = false
        for byte in utf8 {
            isSecond = byte == UInt8(ascii: "\n") && !isSecond && bytes.last == byte
            if !isSecond { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
