/// The script of pages with samples: filters and keys.
///
/// Without it all samples are there, closed.
enum SiteScript {
    static let code: StaticString = """
        "use strict";
        (() => {
          const form = document.querySelector("form.filters");
          const samples = [...document.querySelectorAll("details.sample")];
          if (!form || samples.length === 0) return;
          const shown = form.querySelector(".shown");
          const visible = () => samples.filter(sample => !sample.hidden);
          const words = sample => sample.firstElementChild.textContent.toLowerCase();

          function apply() {
            const tags = [...form.querySelectorAll("select")].map(select => select.value).filter(Boolean);
            const text = form.elements.text.value.toLowerCase();
            for (const sample of samples) {
              const own = sample.dataset.tags.split(" ");
              sample.hidden = !tags.every(tag => own.includes(tag)) || !words(sample).includes(text);
              if (sample.hidden) sample.open = false;
            }
            shown.textContent = `${visible().length} of ${samples.length} shown`;
          }

          function show(sample, open) {
            sample.hidden = false;
            if (open) sample.open = true;
            sample.firstElementChild.focus({preventScroll: true});
            sample.scrollIntoView({block: open ? "start" : "nearest"});
          }

          function step(from, by) {
            const list = visible();
            if (list.length === 0) return;
            const index = list.indexOf(from);
            const next = index < 0 ? 0 : Math.min(Math.max(index + by, 0), list.length - 1);
            const open = from !== null && from.open;
            if (open && list[next] !== from) from.open = false;
            show(list[next], open);
          }

          function follow() {
            const sample = document.getElementById(location.hash.slice(1));
            if (sample && sample.matches("details.sample")) show(sample, true);
          }

          const steps = {j: 1, k: -1, ArrowDown: 1, ArrowUp: -1};
          document.addEventListener("keydown", event => {
            if (event.altKey || event.ctrlKey || event.metaKey) return;
            const typing = event.target.matches("input, select, textarea");
            const current = event.target.closest("details.sample");
            if (event.key === "Escape") {
              if (typing) event.target.blur();
              if (current && current.open) { current.open = false; show(current, false); }
              return;
            }
            if (typing) return;
            if (event.key === "/") { form.elements.text.focus(); event.preventDefault(); return; }
            const by = steps[event.key];
            const scrolls = event.key.startsWith("Arrow") && !event.target.matches("summary");
            if (!by || scrolls) return;
            step(current, by);
            event.preventDefault();
          });

          document.addEventListener("click", event => {
            const link = event.target.closest("a[data-step]");
            if (!link) return;
            step(link.closest("details.sample"), Number(link.dataset.step));
            event.preventDefault();
          });
          form.addEventListener("input", apply);
          form.addEventListener("submit", event => event.preventDefault());
          addEventListener("hashchange", follow);
          form.hidden = false;
          apply();
          // The browser takes the focus away once it has gone to the address's sample.
          addEventListener("load", follow);
        })();

        """
}
