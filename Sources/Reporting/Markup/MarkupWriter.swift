/// Writes nodes as text: the same nodes give the same bytes.
enum MarkupWriter {
    /// Elements that have no content and no end tag in HTML.
    private static let void: Set<String> = ["meta", "img", "br", "input", "hr"]

    /// Elements behind which a line ends; their neighbours are no text that a space could change.
    private static let blocks: Set<String> = [
        "html", "head", "body", "meta", "title", "style", "script", "header", "nav", "main",
        "footer", "section", "article", "h1", "h2", "h3", "p", "ul", "ol", "li", "table",
        "caption", "thead", "tbody", "tr", "dl", "dd", "div", "figure", "figcaption", "details",
        "summary", "form", "label", "select", "option", "pre", "svg", "g", "line", "path", "circle",
        "rect", "text", "desc",
    ]

    /// A whole HTML page.
    static func page(_ html: MarkupNode) -> String {
        var text = "<!doctype html>\n"
        write(html, into: &text, isXML: false)
        return text
    }

    /// A whole SVG file.
    static func svg(_ picture: MarkupNode) -> String {
        var text = ""
        write(picture, into: &text, isXML: true)
        return text
    }

    private static func write(_ node: MarkupNode, into text: inout String, isXML: Bool) {
        switch node {
        case .text(let data): text += MarkupText.escaped(data)
        case .literal(let code): text += code.description
        case .element(let name, let attributes, let children):
            let name = name.description
            text += "<" + name
            for attribute in attributes { write(attribute, into: &text, isXML: isXML) }
            if isXML, children.isEmpty {
                text += "/>"
            } else {
                text += ">"
                for child in children { write(child, into: &text, isXML: isXML) }
                if isXML || !void.contains(name) { text += "</\(name)>" }
            }
            if blocks.contains(name) { text += "\n" }
        }
    }

    private static func write(
        _ attribute: MarkupAttribute,
        into text: inout String,
        isXML: Bool
    ) {
        text += " " + attribute.name.description
        if let value = attribute.value {
            text += "=\"" + MarkupText.escaped(value) + "\""
        } else if isXML {
            text += "=\"\""
        }
    }
}
