/// What a strict parser sees in an HTML page or SVG file: its elements, attributes and texts.
///
/// It knows the form that the reports are written in and refuses everything else, above all
/// characters of markup that stand where text belongs.
public struct MarkupOutline: Sendable {
    /// An element as its start tag has it.
    public struct Element: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its attributes in order, entities decoded.
        public var attributes: [Attribute]

        /// Name and names of attributes: what data must not change.
        public var shape: String { ([name] + attributes.map(\.name)).joined(separator: " ") }

        /// The value of an attribute, nil without one of that name.
        public func value(_ name: String) -> String? {
            attributes.first { $0.name == name }?.value
        }
    }

    /// An attribute of an element.
    public struct Attribute: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its value, empty for one that has none.
        public var value: String
    }

    /// Why something is no page of ours.
    public struct Flaw: Error, CustomStringConvertible {
        /// What and where, with the text around it.
        public var description: String
    }

    /// All elements in the order of their start tags.
    public private(set) var elements: [Element] = []
    /// All texts outside styles and scripts, entities decoded.
    public private(set) var text = ""
    /// The contents of styles and scripts in order.
    public private(set) var code: [String] = []

    private var open: [String] = []
    private let scalars: [Unicode.Scalar]
    private var position = 0
    private static let void: Set<String> = ["meta", "img", "br", "input", "hr"]
    private static let entities: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "#39": "'",
    ]

    /// Parses a page or file.
    /// - Parameter page: the whole text.
    /// - Throws: `Flaw`.
    public init(_ page: String) throws {
        scalars = Array(page.unicodeScalars)
        if take("<!doctype html>") { _ = take("\n") }
        while let scalar = next {
            if scalar == "<" {
                try tag()
            } else {
                text.unicodeScalars.append(try character())
            }
        }
        guard open.isEmpty else { throw flaw("\(open) is not closed") }
    }

    private mutating func tag() throws {
        if take("</") {
            let name = name()
            guard take(">"), open.popLast() == name else { throw flaw("end of \(name)") }
            return
        }
        _ = take("<")
        let name = name()
        guard !name.isEmpty else { throw flaw("a stray <") }
        var element = Element(name: name, attributes: [])
        while take(" ") { element.attributes.append(try attribute()) }
        let isClosed = take("/>")
        guard isClosed || take(">") else { throw flaw("start of \(name)") }
        let names = element.attributes.map(\.name)
        guard Set(names).count == names.count else { throw flaw("\(name) repeats an attribute") }
        elements.append(element)
        if isClosed || Self.void.contains(name) { return }
        open.append(name)
        if name == "style" || name == "script" { try takeCode(name) }
    }

    private mutating func attribute() throws -> Attribute {
        let name = name()
        guard !name.isEmpty else { throw flaw("an attribute without a name") }
        guard take("=\"") else { return Attribute(name: name, value: "") }
        var value = ""
        while let scalar = next, scalar != "\"" {
            value.unicodeScalars.append(try character())
        }
        guard take("\"") else { throw flaw("the end of attribute \(name)") }
        return Attribute(name: name, value: value)
    }

    /// A character of text or of a value: nothing that means something to a parser but entities.
    private mutating func character() throws -> Unicode.Scalar {
        guard let scalar = next else { throw flaw("the end") }
        position += 1
        switch scalar {
        case "<", ">", "\"", "'": throw flaw("an unescaped \(scalar)")
        case "&":
            let name = scalars[position...].prefix(6).prefix { $0 != ";" }
            guard let decoded = Self.entities[Self.text(name)] else {
                throw flaw("an unescaped &")
            }
            position += name.count + 1
            return decoded
        case "\n": return scalar
        case _ where [.control, .format, .surrogate].contains(scalar.properties.generalCategory):
            throw flaw("a control character")
        default: return scalar
        }
    }

    private mutating func takeCode(_ name: String) throws {
        let start = position
        while position < scalars.count, !isAt("</") { position += 1 }
        guard isAt("</\(name)>") else { throw flaw("end of \(name)") }
        code.append(Self.text(scalars[start..<position]))
    }

    private mutating func name() -> String {
        let name = scalars[position...].prefix { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
                || ("0"..."9").contains(scalar) || scalar == "-"
        }
        position += name.count
        return Self.text(name)
    }

    private var next: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

    private func isAt(_ text: String) -> Bool {
        scalars[position...].starts(with: text.unicodeScalars)
    }

    private mutating func take(_ text: String) -> Bool {
        guard isAt(text) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
        var text = ""
        text.unicodeScalars.append(contentsOf: scalars)
        return text
    }

    private func flaw(_ what: String) -> Flaw {
        let next = Self.text(scalars[position...].prefix(60))
        return Flaw(description: "found \(what) before \(next.debugDescription)")
    }
}
