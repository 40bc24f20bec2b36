internal import EvalCore
internal import Foundation

/// Parts that several pages are made of.
enum PageParts {
    /// A cell of a table.
    struct Cell: Sendable {
        let node: MarkupNode

        /// Text.
        static func text(_ text: String) -> Cell { Cell(node: .node("td", [], text)) }

        /// A number, aligned to the right.
        static func number(_ text: String) -> Cell {
            Cell(node: .node("td", [.style("num")], text))
        }

        /// What the row is about.
        static func head(_ text: String) -> Cell {
            Cell(node: .node("th", [MarkupAttribute("scope", "row")], text))
        }

        /// Anything.
        static func nodes(_ nodes: [MarkupNode]) -> Cell { Cell(node: .node("td", [], nodes)) }

        /// A link that the row is about.
        static func link(_ text: String, _ target: PageLink) -> Cell {
            Cell(
                node: .node(
                    "th",
                    [MarkupAttribute("scope", "row")],
                    [.node("a", [.link(target)], text)]
                )
            )
        }
    }

    /// A table in a box that scrolls sideways where the page is narrow.
    /// - Parameters:
    ///   - heads: the head line; a head of numbers is aligned to the right. Empty for none.
    ///   - rows: as many cells as heads.
    ///   - label: what it is, for those who do not see it.
    /// - Returns: the box.
    static func table(
        _ heads: [(text: String, isNumber: Bool)],
        _ rows: [[Cell]],
        label: String
    ) -> MarkupNode {
        let line = heads.map { head in
            MarkupNode.node(
                "th",
                [MarkupAttribute("scope", "col")] + (head.isNumber ? [.style("num")] : []),
                head.text
            )
        }
        let head = heads.isEmpty ? [] : [MarkupNode.node("thead", [], [.node("tr", [], line)])]
        let body = MarkupNode.node(
            "tbody",
            [],
            rows.map { .node("tr", [], $0.map(\.node)) }
        )
        // Focusable, so that a keyboard can scroll it.
        return .node(
            "div",
            [
                .style("wide"), MarkupAttribute("tabindex", "0"), MarkupAttribute("role", "region"),
                MarkupAttribute("aria-label", label),
            ],
            [.node("table", [], head + [body])]
        )
    }

    /// A list of names and values.
    static func facts(_ facts: [(name: String, value: String?)]) -> MarkupNode {
        let present = facts.compactMap { name, value in value.map { (name, $0) } }
        return .node(
            "dl",
            [],
            present.flatMap { name, value in
                [MarkupNode.node("dt", [], name), .node("dd", [], value)]
            }
        )
    }

    /// A share as a bar; the number stands beside it.
    static func meter(_ share: Double) -> MarkupNode {
        let width = min(1, max(0, share)) * 100
        let track: [MarkupAttribute] = [
            .style("track"), .number("width", 100), .number("height", 8),
        ]
        let value: [MarkupAttribute] = [
            .style("value"), .number("width", width), .number("height", 8),
        ]
        return .node(
            "svg",
            [
                .style("meter"), MarkupAttribute("viewBox", "0 0 100 8"),
                MarkupAttribute("preserveAspectRatio", "none"),
                MarkupAttribute("aria-hidden", "true"),
            ],
            [.node("rect", track, []), .node("rect", value, [])]
        )
    }

    /// Why a run's numbers may not stand beside others; nothing if they may.
    static func warnings(_ run: RunSummary) -> [MarkupNode] {
        var reasons = run.plan.notComparableReasons
        if run.errorCount > 0 {
            reasons.append("\(run.errorCount) of \(run.plan.sampleCount) samples failed")
        }
        var notes = reasons.map { "† Not comparable: \($0)." }
        if run.plan.isDemo {
            notes.append(
                "Demo: made with the bundled toy model or data; says nothing about IDEFICS."
            )
        }
        return notes.map { .node("p", [.style("note")], $0) }
    }

    /// A time in UTC to the second.
    static func time(_ date: Date) -> String { date.formatted(.iso8601) }
}
