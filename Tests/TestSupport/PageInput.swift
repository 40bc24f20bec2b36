internal import Foundation

/// A key of a keyboard.
public struct PageKey: Sendable, Equatable, ExpressibleByUnicodeScalarLiteral {
    /// What it is to a page: the text it types, or its name.
    public var name: String
    /// What typing it puts into a field, nil for nothing.
    public var text: String?
    /// Its Windows number, which every browser calls keys by; 0 for none.
    var code: Int

    /// A key that types one character.
    public init(unicodeScalarLiteral character: Unicode.Scalar) {
        name = String(character)
        text = name
        // Signs share their keys in another way on every keyboard; these do not.
        let capital = character.properties.uppercaseMapping.unicodeScalars.first ?? character
        let isPlain = ("A"..."Z").contains(capital) || ("0"..."9").contains(capital)
        code = isPlain ? Int(capital.value) : 0
    }

    private init(name: String, code: Int, text: String? = nil) {
        (self.name, self.code, self.text) = (name, code, text)
    }

    /// The Enter key.
    public static let enter = PageKey(name: "Enter", code: 13, text: "\r")
    /// The Escape key.
    public static let escape = PageKey(name: "Escape", code: 27)
    /// The Tab key.
    public static let tab = PageKey(name: "Tab", code: 9)
    /// The arrow downwards.
    public static let down = PageKey(name: "ArrowDown", code: 40)
    /// The arrow upwards.
    public static let up = PageKey(name: "ArrowUp", code: 38)
    /// The key that takes back what was typed.
    public static let backspace = PageKey(name: "Backspace", code: 8)
}

extension BrowserPage {
    /// Presses a key and lets it go.
    /// - Throws: `BrowserError`.
    public func press(_ key: PageKey) throws {
        var parameters: [String: Any] = ["key": key.name, "windowsVirtualKeyCode": key.code]
        parameters["text"] = key.text
        parameters["type"] = key.text == nil ? "rawKeyDown" : "keyDown"
        try send("Input.dispatchKeyEvent", parameters)
        parameters["text"] = nil
        parameters["type"] = "keyUp"
        try send("Input.dispatchKeyEvent", parameters)
    }

    /// Types a text, key by key.
    /// - Throws: `BrowserError`.
    public func type(_ text: String) throws {
        for character in text.unicodeScalars {
            try press(PageKey(unicodeScalarLiteral: character))
        }
    }

    /// Clicks the first of the elements with the left button, in its middle.
    /// - Parameter selector: the elements, in CSS.
    /// - Throws: `BrowserError` if there is none or something lies over it.
    public func click(_ selector: String) throws {
        struct Place: Decodable {
            let x: Double
            let y: Double
            let isOnTop: Bool
        }
        let place: Place = try value(
            """
            (() => {
              const element = document.querySelector(\(Self.quoted(selector)));
              element.scrollIntoView({block: "center", behavior: "instant"});
              const box = element.getClientRects()[0];
              const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
              const top = document.elementFromPoint(x, y);
              return {x, y, isOnTop: element.contains(top)};
            })()
            """
        )
        guard place.isOnTop else {
            throw BrowserError.refused(command: "a click", message: "\(selector) is covered")
        }
        for type in ["mouseMoved", "mousePressed", "mouseReleased"] {
            var parameters: [String: Any] = ["type": type, "x": place.x, "y": place.y]
            if type != "mouseMoved" {
                parameters["button"] = "left"
                parameters["clickCount"] = 1
            }
            try send("Input.dispatchMouseEvent", parameters)
        }
    }

    /// A text as JavaScript writes it.
    public static func quoted(_ text: String) -> String {
        // Encoding a string cannot fail.
        String(decoding: (try? JSONEncoder().encode(text)) ?? Data(), as: UTF8.self)
    }
}
