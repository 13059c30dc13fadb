"""Draws HTML in Chromium and asks its DOM what stands where."""

import pathlib
import random

import jinja2
from playwright.sync_api import sync_playwright

from pages import looks
from pages.content import Content
from pages.records import Record

HERE = pathlib.Path(__file__).parent
EXTRACT = (HERE / "extract.js").read_text()
CONTENT_HEIGHT = """() => {
  let bottom = 0;
  for (const e of document.body.querySelectorAll("*")) {
    const r = e.getBoundingClientRect(), s = getComputedStyle(e);
    if (r.width && r.height && (e.childElementCount == 0 || s.backgroundColor != "rgba(0, 0, 0, 0)" || s.borderBottomWidth != "0px"))
      bottom = Math.max(bottom, r.bottom);
  }
  return Math.ceil(bottom + parseFloat(getComputedStyle(document.body).paddingBottom) + 6);
}"""
SCALES = [1, 1, 1, 1.25, 1.5, 2]  # device pixels per CSS pixel
SHAPES = {  # name -> (shortest, longest side in CSS pixels, width over height)
    "phone": (360, 480, (0.45, 0.6)),
    "portrait": (520, 1000, (0.65, 0.82)),
    "landscape": (760, 1900, (1.25, 1.9)),
    "wide": (900, 1900, (1.7, 2.6)),
    "square": (420, 1300, (0.85, 1.2)),
    "any": (420, 1500, (0.65, 1.8)),
}
_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"), undefined=jinja2.StrictUndefined
)


def templates() -> list[str]:
    """All templates, as `domain/name.html`."""
    return sorted(str(p.relative_to(HERE / "templates")) for p in (HERE / "templates").rglob("*.html"))


def shape_of(name: str) -> str:
    first = (HERE / "templates" / name).read_text().split("\n", 1)[0]
    named = [s.strip(" #}{;,") for s in first.partition("shape:")[2].replace("|", " ").split()]
    return next((s for s in named if s in SHAPES), "any")


class Browser:
    """One Chromium. Use as a context manager."""

    def __enter__(self):
        self.playwright = sync_playwright().start()
        self.chromium = self.playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--font-render-hinting=none", "--disable-gpu"]
        )
        self.pages = {}
        return self

    def __exit__(self, *_):
        self.chromium.close()
        self.playwright.stop()

    def _page(self, scale: float):
        if scale not in self.pages:
            page = self.chromium.new_context(device_scale_factor=scale).new_page()
            page.set_default_timeout(15000)
            page.route("**/*", lambda route: route.abort() if route.request.url.startswith("http") else route.continue_())
            self.pages[scale] = page
        return self.pages[scale]

    def shot(self, scale: float) -> bytes:
        return self._page(scale).screenshot(type="png")

    def draw(self, html: str, width: int, height: int, scale: float, source: str, fit: bool = True) -> Record:
        """`fit` leaves out what is empty below the content."""
        page = self._page(scale)
        page.set_viewport_size({"width": width, "height": height})
        page.set_content(html, wait_until="load")
        needed = page.evaluate(CONTENT_HEIGHT)
        if fit and needed < height:
            page.set_viewport_size({"width": width, "height": max(needed, width // 4)})
        found = page.evaluate(EXTRACT)
        return Record.of_page(found, self.shot(scale), scale, source)

    def open(self, url: str, width: int, height: int, scale: float, source: str, css: str = "") -> Record:
        """A file of this machine, scrolled down at random by the caller's script in `css`."""
        page = self._page(scale)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(url, wait_until="load")
        if css:
            page.add_style_tag(content=css)
        found = page.evaluate(EXTRACT)
        return Record.of_page(found, self.shot(scale), scale, source)


def fill(name: str, seed, unseen: bool = False) -> tuple[str, int, int, float]:
    """A template filled with random content in a random look: HTML, width, height, device scale."""
    rng = random.Random(f"look {name} {seed}")
    short, long, (low, high) = SHAPES[shape_of(name)]
    ratio = rng.uniform(low, high)
    width = rng.uniform(short, long)
    height = width / ratio
    longest = max(width, height)
    # An em of 9 to 24 pixels, mostly small, once the page is scaled to 1344.
    em = rng.choice([rng.uniform(9.5, 14), rng.uniform(10, 18), rng.uniform(14, 24)])
    size = min(max(em * longest / 1344, 9), 24)
    if size * 1344 / longest < 9:
        size = 9 * longest / 1344
    body = _templates.get_template(name).render(r=Content(f"{name} {seed}"))
    sheet = looks.style_sheet(rng, size, unseen)
    if rng.random() < 0.25 and looks.frameworks():
        sheet = rng.choice(looks.frameworks()).read_text(errors="replace") + sheet
    html = f"<!DOCTYPE html><html lang=en><head><meta charset=utf-8><style>{sheet}</style></head><body>{body}</body></html>"
    return html, round(width), round(height), min(rng.choice(SCALES), 2100 / longest)
