/// A piece of an HTML page or SVG picture: an element, text, or a literal of this program.
///
/// Names of elements and attributes are `StaticString`s, so that data can become text or an
/// attribute's value and nothing else. Text is escaped by Unicode scalar. A template library is not
/// used here because the one at hand escapes by `Character`: a quotation mark with a combining
/// mark behind it is another `Character` and would end the attribute that it stands in.
indirect enum MarkupNode: Sendable {
    case element(StaticString, [MarkupAttribute], [MarkupNode])
    /// Text of any origin.
    case text(String)
    /// Style sheets and scripts, which are written as they are.
    case literal(StaticString)

    /// An element with children.
    static func node(
        _ name: StaticString,
        _ attributes: [MarkupAttribute] = [],
        _ children: [MarkupNode] = []
    ) -> MarkupNode {
        .element(name, attributes, children)
    }

    /// An element with a text.
    static func node(
        _ name: StaticString,
        _ attributes: [MarkupAttribute] = [],
        _ text: String
    ) -> MarkupNode {
        .element(name, attributes, [.text(text)])
    }
}

/// An attribute of an element.
struct MarkupAttribute: Sendable {
    let name: StaticString
    /// Nil for an attribute that says all by being there, such as `open`.
    let value: String?

    init(_ name: StaticString, _ value: String?) {
        self.name = name
        self.value = value
    }

    /// An attribute without a value.
    static func flag(_ name: StaticString) -> MarkupAttribute { MarkupAttribute(name, nil) }

    /// The `class` attribute.
    static func style(_ classes: StaticString) -> MarkupAttribute {
        MarkupAttribute("class", classes.description)
    }

    /// A link to a page or picture of the same report.
    static func link(_ target: PageLink) -> MarkupAttribute { MarkupAttribute("href", target.text) }

    /// A picture of the same report.
    static func source(_ target: PageLink) -> MarkupAttribute {
        MarkupAttribute("src", target.text)
    }

    /// Coordinates and lengths, with two digits at most.
    static func number(_ name: StaticString, _ value: Double) -> MarkupAttribute {
        MarkupAttribute(name, MarkupText.number(value))
    }
}
