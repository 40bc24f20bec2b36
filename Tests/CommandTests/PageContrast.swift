import TestSupport

/// A text that stands out too little from what it stands on.
struct PaleText: Decodable, CustomStringConvertible {
    let text: String
    let contrast: Double

    var description: String { "'\(text)' \(contrast)" }

    /// The texts of a page below a contrast of 4.5, as WCAG 2.2 computes it (success criterion
    /// 1.4.3, level AA).
    static func all(of page: BrowserPage) throws -> [PaleText] { try page.value(script) }

    private static let script = """
        (() => {
          const parse = text => {
            const match = /^rgba?\\(([^)]+)\\)$/.exec(text);
            if (!match) throw new Error(`unknown colour ${text}`);
            const [red, green, blue, alpha = 1] = match[1].split(/[ ,/]+/).map(Number);
            return [red, green, blue, alpha];
          };
          const over = (top, below) =>
            [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
          const luminance = colour => {
            const [red, green, blue] = colour.slice(0, 3).map(value => value / 255)
              .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
          };
          const chain = element => element ? [...chain(element.parentElement), element] : [];
          const paper = element => chain(element)
            .map(part => parse(getComputedStyle(part).backgroundColor))
            .reduce((below, top) => over(top, below), [255, 255, 255, 1]);
          const contrast = element => {
            const style = getComputedStyle(element);
            const ink = parse(element instanceof SVGElement ? style.fill : style.color);
            const opacity = chain(element).map(part => Number(getComputedStyle(part).opacity))
              .reduce((product, value) => product * value, ink[3]);
            const below = paper(element);
            const ends = [over([...ink.slice(0, 3), opacity], below), below].map(luminance);
            return (Math.max(...ends) + 0.05) / (Math.min(...ends) + 0.05);
          };
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = new Set(document.querySelectorAll("select, input"));
          while (walker.nextNode()) {
            if (walker.currentNode.data.trim()) found.add(walker.currentNode.parentElement);
          }
          const seen = [...found].filter(element =>
            element.checkVisibility() && element.getClientRects().length > 0);
          if (seen.length === 0) throw new Error("no text at all");
          return seen.map(element => ({
              text: element.textContent.trim().slice(0, 40), contrast: contrast(element)}))
            .filter(({contrast}) => !(contrast >= 4.5));
        })()
        """
}
