"""Opens a report's site in headless Chromium, takes pictures of it and drives it (see README.md)."""

import argparse
import pathlib
import shutil
import sys

from playwright.sync_api import sync_playwright

WIDTHS = [1280, 400]
SCHEMES = ["light", "dark"]


def fail(message):
    sys.exit(f"drive.py: {message}")


def check(condition, message):
    if not condition:
        fail(message)


class Visit:
    """One page in one width and colour scheme; every request and message is watched."""

    def __init__(self, browser, site, width, scheme, script=True):
        self.site = site
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            offline=True,
        )
        self.page = self.context.new_page()
        self.problems = []
        self.page.on("request", self.watch)
        self.page.on("requestfailed", lambda r: self.problems.append(f"failed: {r.url}"))
        self.page.on("console", lambda m: self.problems.append(f"console: {m.text}"))
        self.page.on("pageerror", lambda e: self.problems.append(f"error: {e}"))

    def watch(self, request):
        if not request.url.startswith(self.site.as_uri()):
            self.problems.append(f"outside: {request.url}")

    def open(self, path):
        self.page.goto((self.site / path).as_uri())
        self.page.wait_for_load_state("load")

    def close(self):
        check(not self.problems, f"{self.page.url}: {self.problems[:3]}")
        self.context.close()


def fits(page):
    """True if nothing but scrolling boxes is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def pages_of(site, browser):
    """The list, a run, its samples, and a comparison if there is one."""
    visit = Visit(browser, site, 1280, "light")
    visit.open("index.html")
    links = visit.page.eval_on_selector_all("main a", "all => all.map(a => a.getAttribute('href'))")
    visit.close()
    run = next(link for link in links if link.startswith("runs/") and "-samples" not in link)
    pages = {"list": "index.html", "run": run, "samples": run.replace(".html", "-samples.html")}
    compare = next((link for link in links if link.startswith("compare/")), None)
    if compare:
        pages["compare"] = compare
    return pages, [link for link in links if link.endswith(".html")]


def take_pictures(browser, site, pages, output):
    for scheme in SCHEMES:
        for width in WIDTHS:
            for name, path in pages.items():
                visit = Visit(browser, site, width, scheme)
                visit.open(path)
                check(fits(visit.page), f"{path} is wider than {width} pixels")
                if visit.page.locator("details.sample").count():
                    visit.page.locator("details.sample summary").first.click()
                    if name == "samples":
                        visit.page.evaluate("window.scrollTo(0, 0)")
                    check(fits(visit.page), f"{path}: an open sample is wider than {width} pixels")
                visit.page.screenshot(path=output / f"{name}-{width}-{scheme}.png")
                visit.close()


def shown(page):
    return page.locator("details.sample:visible").count()


def opened(page):
    return page.eval_on_selector_all("details.sample[open]", "all => all.map(s => s.id)")


def drive(browser, site, path):
    """Filters, opens, walks and closes by mouse and keys."""
    visit = Visit(browser, site, 1280, "light")
    visit.open(path)
    page = visit.page
    total = page.locator("details.sample").count()
    if total < 3:
        visit.close()
        return False
    check(page.locator("form.filters").is_visible(), "the filters stay hidden")
    check(shown(page) == total, "not all samples are shown at first")

    outcome = page.locator("form.filters select").first
    counted = 0
    for value in outcome.locator("option").evaluate_all("all => all.map(o => o.value)")[1:]:
        outcome.select_option(value)
        part = shown(page)
        check(part <= total, f"filter {value} shows {part} of {total}")
        check(f"{part} of {total}" in page.locator(".shown").inner_text(), "the count is wrong")
        counted += part
    if counted:
        check(counted == total, f"outcomes add up to {counted} of {total}")
    outcome.select_option("")
    check(shown(page) == total, "without filters not all samples are shown")

    page.keyboard.press("Tab")
    page.locator("body").click(position={"x": 2, "y": 2})
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    first = opened(page)
    check(len(first) == 1, f"Enter opened {first}")
    page.keyboard.press("j")
    second = opened(page)
    check(len(second) == 1 and second != first, f"j went from {first} to {second}")
    page.keyboard.press("k")
    check(opened(page) == first, "k did not go back")
    page.keyboard.press("ArrowDown")
    check(opened(page) == second, "the arrow did not go on")
    link = page.locator("details.sample[open] a[data-step='1']")
    if link.count():
        link.click()
        third = opened(page)
        check(len(third) == 1 and third != second, "Next sample did not go on")
    page.keyboard.press("Escape")
    check(opened(page) == [], "Escape did not close")
    check(page.evaluate("document.activeElement.matches('summary')"), "the focus is lost")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    check(outline != "none", "the focus cannot be seen")

    page.keyboard.press("/")
    page.keyboard.type("no sample says this")
    check(shown(page) == 0, "searching hides nothing")
    visit.close()
    return True


def read_without_script(browser, site, path):
    visit = Visit(browser, site, 400, "light", script=False)
    visit.open(path)
    page = visit.page
    check(not page.locator("form.filters").is_visible(), "filters that do nothing are shown")
    page.locator("details.sample summary").first.click()
    check(page.locator("details.sample pre").first.is_visible(), "a sample does not open")
    visit.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=pathlib.Path)
    parser.add_argument("output", type=pathlib.Path)
    arguments = parser.parse_args()
    site, output = arguments.site.resolve(), arguments.output
    output.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        pages, links = pages_of(site, browser)
        for link in links:
            check((site / link).is_file(), f"index.html links to {link}, which is not there")
        take_pictures(browser, site, pages, output)
        samples = [link for link in links if "-samples" in link][:6]
        comparisons = [link for link in links if link.startswith("compare/")][:6]
        driven = sum(drive(browser, site, link) for link in samples + comparisons)
        check(driven > 0, "no page has three samples to walk through")
        read_without_script(browser, site, pages["samples"])
        browser.close()
    looks = len(WIDTHS) * len(SCHEMES)
    print(f"{len(links)} links, {len(pages)} pages in {looks} looks, {driven} driven: all well")


if __name__ == "__main__":
    main()
