/// The style sheet of charts, alone and inside pages.
enum ChartStyle {
    /// Colours by name: of ours, of published numbers, of paper and ink.
    static let colours: StaticString = """
        :root{--paper:#fff;--ink:#1f2328;--quiet:#59636e;--grid:#e4e7eb;\
        --own-0:#0b62d6;--own-1:#b84a00;--own-2:#117a3a;--own-3:#8b3fc7;--own-4:#00757f;--own-5:#c01a5b;\
        --idefics:#59636e;--flamingo:#8a5a2b;--openflamingo:#6b6fa8}
        @media (prefers-color-scheme:dark){:root{--paper:#14181d;--ink:#e6e9ed;--quiet:#9aa4af;--grid:#2b323a;\
        --own-0:#6cb0ff;--own-1:#ff9d5c;--own-2:#5ccb7f;--own-3:#c99bff;--own-4:#4fd0da;--own-5:#ff86b0;\
        --idefics:#9aa4af;--flamingo:#c79a6b;--openflamingo:#a5a9dd}}

        """
    /// Shapes: classes of a chart's elements.
    static let shapes: StaticString = """
        .chart{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;max-width:100%;height:auto}
        .chart .surface{fill:var(--paper)}
        .chart text{fill:var(--ink)}.chart .title{font-size:16px;font-weight:600}
        .chart .quiet,.chart .tick{fill:var(--quiet)}.chart .tick{font-size:12px;font-variant-numeric:tabular-nums}
        .chart .end{text-anchor:end}.chart .middle{text-anchor:middle}
        .chart .grid{stroke:var(--grid);stroke-width:1}
        .chart .own-0{--line:var(--own-0)}.chart .own-1{--line:var(--own-1)}.chart .own-2{--line:var(--own-2)}
        .chart .own-3{--line:var(--own-3)}.chart .own-4{--line:var(--own-4)}.chart .own-5{--line:var(--own-5)}
        .chart .idefics{--line:var(--idefics)}.chart .flamingo{--line:var(--flamingo)}.chart .openflamingo{--line:var(--openflamingo)}
        .chart .curve{fill:none;stroke:var(--line);stroke-width:1.5;stroke-linejoin:round}
        .chart .own .curve{stroke-width:2.75}
        .chart .flamingo .curve{stroke-dasharray:6 4}.chart .openflamingo .curve{stroke-dasharray:2 3}
        .chart .bar{fill:none;stroke:var(--line);stroke-width:1.75}
        .chart .mark{fill:var(--line);stroke:var(--line);stroke-width:1.5}.chart .mark.hollow{fill:var(--paper)}
        .chart .own .mark{stroke:var(--paper);stroke-width:2}
        .chart .leader{fill:none;stroke:var(--line);stroke-width:1;opacity:.45}
        .chart .label{fill:var(--line);font-variant-numeric:tabular-nums}.chart .own .label{font-weight:600}

        """
}
