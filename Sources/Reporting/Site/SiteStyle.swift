/// The style sheet of the site's pages.
enum SiteStyle {
    /// In this order in one `style` element.
    static let parts = [ChartStyle.colours, base, tables, samples, ChartStyle.shapes]

    private static let base: StaticString = """
        :root{color-scheme:light dark;--soft:#f4f6f8;--edge:#d5dae0;--link:#0b57c2;--good:#116329;--bad:#b3261e;--fair:#8a5300;\
        --good-bg:#e3f5e7;--bad-bg:#fdeae8;--fair-bg:#fdf1dc;--none-bg:#eceff2}
        @media (prefers-color-scheme:dark){:root{--soft:#1c2229;--edge:#37404a;--link:#7ab7ff;--good:#7ee2a0;--bad:#ff9b93;--fair:#f2c572;\
        --good-bg:#14341f;--bad-bg:#451b18;--fair-bg:#3d2c0c;--none-bg:#262d35}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        header{border-bottom:1px solid var(--edge);background:var(--soft);font-size:.9rem}
        header nav,main{max-width:74rem;margin:0 auto;padding:.6rem 1rem;overflow-wrap:anywhere}
        main{padding:0 1rem 4rem}
        h1{font-size:1.6rem;line-height:1.25;margin:1.4rem 0 .3rem}
        h2{font-size:1.15rem;margin:2.2rem 0 .6rem}
        p{margin:.4rem 0;max-width:48rem}
        .quiet{color:var(--quiet)}
        .note{border-left:4px solid var(--fair);background:var(--fair-bg);padding:.4rem .8rem;margin:.8rem 0;max-width:48rem}
        a{color:var(--link)}a:hover{text-decoration-thickness:2px}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
        code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
        .headline{font-size:2.4rem;font-weight:650;line-height:1.1;margin:.8rem 0 0;font-variant-numeric:tabular-nums}
        .headline.better{color:var(--good)}.headline.worse{color:var(--bad)}
        .headline small{font-size:1.05rem;font-weight:400;color:var(--quiet)}
        .buttons{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0;list-style:none}
        .buttons a{display:inline-block;border:1px solid var(--edge);border-radius:.4rem;padding:.35rem .8rem;text-decoration:none;background:var(--soft)}
        .buttons a:hover{border-color:var(--link)}

        """
    private static let tables: StaticString = """
        .wide{overflow-x:auto;overflow-wrap:break-word;margin:.6rem 0 1rem;background:linear-gradient(90deg,var(--paper) 2rem,transparent) 0 0/4rem 100% no-repeat local,\
        linear-gradient(270deg,var(--paper) 2rem,transparent) 100% 0/4rem 100% no-repeat local,linear-gradient(90deg,var(--edge),transparent) 0 0/.8rem 100% no-repeat,\
        linear-gradient(270deg,var(--edge),transparent) 100% 0/.8rem 100% no-repeat}
        table{border-collapse:collapse;width:max-content;font-size:.92rem;font-variant-numeric:tabular-nums}
        th,td{padding:.32rem .7rem;border-bottom:1px solid var(--edge);text-align:left;vertical-align:baseline}
        th{font-weight:600;color:var(--quiet);white-space:nowrap}
        tbody th{color:var(--ink);font-weight:500;white-space:normal;min-width:5.5rem}
        td{min-width:3rem;max-width:26rem}
        .num{text-align:right;white-space:nowrap}
        tbody tr:hover{background:var(--soft)}
        .meter{width:9rem;height:.7rem;vertical-align:middle}
        .meter .track{fill:var(--none-bg)}.meter .value{fill:var(--own-0)}
        figure{margin:1rem 0;overflow-x:auto}figure .chart{min-width:44rem}

        """
    private static let samples: StaticString = """
        .filters{display:flex;flex-wrap:wrap;gap:.6rem .8rem;align-items:end;background:var(--soft);border:1px solid var(--edge);border-radius:.5rem;padding:.7rem .8rem;margin:1rem 0}
        .filters[hidden]{display:none}
        .filters label{display:grid;font-size:.8rem;color:var(--quiet);min-width:8rem;flex:1 1 8rem;max-width:16rem}
        .filters select,.filters input{font:inherit;font-size:.95rem;color:var(--ink);background:var(--paper);border:1px solid var(--edge);border-radius:.3rem;padding:.25rem .4rem;width:100%;min-height:2.1rem}
        .shown{margin-left:auto;font-variant-numeric:tabular-nums}
        .sample{border:1px solid var(--edge);border-radius:.5rem;margin:.45rem 0;background:var(--paper);scroll-margin-top:.5rem}
        .sample[hidden]{display:none}
        .sample[open]{border-color:var(--link)}
        .sample>summary{display:grid;grid-template-columns:3.5rem minmax(0,1fr) auto;gap:.2rem .8rem;align-items:center;padding:.4rem .6rem;cursor:pointer;list-style:none}
        .sample>summary::-webkit-details-marker{display:none}
        .sample>summary:hover{background:var(--soft)}
        .thumb{width:3.5rem;height:3.5rem;object-fit:cover;border-radius:.3rem;background:var(--none-bg);display:block}
        .gone{display:grid;place-items:center;text-align:center;font-size:.7rem;line-height:1.15;color:var(--quiet);background:var(--none-bg);border-radius:.3rem;padding:.2rem;min-height:3.5rem;min-width:3.5rem;overflow-wrap:anywhere}
        .what{min-width:0;overflow-wrap:anywhere}
        .what .id{font-size:.78rem;color:var(--quiet)}
        .badge{display:inline-block;border-radius:1rem;padding:.1rem .6rem;font-size:.8rem;font-weight:600;background:var(--none-bg);color:var(--ink);white-space:nowrap;text-align:center}
        .badge.right{background:var(--good-bg);color:var(--good)}.badge.wrong,.badge.failed{background:var(--bad-bg);color:var(--bad)}.badge.partly{background:var(--fair-bg);color:var(--fair)}
        .inside{border-top:1px solid var(--edge);padding:.8rem;display:grid;grid-template-columns:minmax(0,16rem) minmax(0,1fr);gap:1rem}
        .inside>.full{grid-column:1/-1}
        .inside h3{font-size:.85rem;color:var(--quiet);margin:.6rem 0 .3rem;font-weight:600}
        .picture{margin:0 0 .6rem;overflow:visible}.picture img{max-width:100%;height:auto;border-radius:.3rem;display:block;background:var(--none-bg)}
        .picture.small img{min-width:min(100%,8rem)}
        .picture figcaption{font-size:.75rem;color:var(--quiet);overflow-wrap:anywhere}
        dl{display:grid;grid-template-columns:fit-content(40%) minmax(0,1fr);gap:.15rem .8rem;margin:0}
        dt{color:var(--quiet);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}
        .shots{display:flex;flex-wrap:wrap;gap:.6rem;padding:0;margin:0;list-style:none}
        .shots li{width:7rem;font-size:.8rem;line-height:1.3;overflow-wrap:anywhere}
        .shots img{width:7rem;height:5.2rem;object-fit:cover;border-radius:.3rem;display:block;background:var(--none-bg)}
        pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--soft);border:1px solid var(--edge);border-radius:.4rem;padding:.6rem .8rem;margin:.2rem 0;line-height:1.55}
        pre .markup{color:var(--quiet)}pre .here{color:var(--own-3);font-weight:600}
        .pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:1rem}
        @media (max-width:46rem){.inside,.pair{grid-template-columns:minmax(0,1fr)}.sample>summary{grid-template-columns:3.5rem minmax(0,1fr)}.sample>summary>.badge{grid-column:2;justify-self:start}.headline{font-size:1.9rem}.shots li,.shots img{width:5.6rem}.shots img{height:4.2rem}}
        @media print{.filters,header{display:none}}

        """
}
