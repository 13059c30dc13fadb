"""Draws HTML in Chromium and asks its DOM what stands where."""

import functools
import pathlib
import random
import re

import jinja2
from playwright.sync_api import sync_playwright

from pages import looks
from pages.content import Content
from pages.records import Record

HERE = pathlib.Path(__file__).parent
EXTRACT = (HERE / "extract.js").read_text()
FOREIGN = re.compile(
    r"[/.](ar|bg|bn|ca|cs|da|de|el|es|fa|fi|fr|he|hi|hr|hu|id|it|ja|ko|lt|nb|nl|nn|pl|pt|ro|ru|sk|sl|sr|sv|tr|uk|vi|zh)"
    r"([-_][A-Za-z]{2,4})?[/.]"
)  # documents in other languages
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

    def open(self, path: str, rng: random.Random, sheet: str = "") -> Record:
        """A file of this machine at a random size and place, in its own style or in `sheet`."""
        longest = rng.uniform(700, 1900)
        ratio = rng.uniform(0.6, 1.8)
        width, height = (longest, longest / ratio) if ratio > 1 else (longest * ratio, longest)
        page = self._page(rng.choice([1, 1, 1.1]))
        page.set_viewport_size({"width": round(width), "height": round(height)})
        page.goto("file://" + path, wait_until="load")
        if sheet:
            page.evaluate("document.querySelectorAll('link[rel=stylesheet],style').forEach(e => e.remove())")
            page.add_style_tag(content=sheet)
        page.evaluate("t => scrollTo(0, t * Math.max(0, document.documentElement.scrollHeight - innerHeight))", rng.choice([0, rng.random()]))
        found = page.evaluate(EXTRACT)
        scale = page.evaluate("devicePixelRatio")
        return Record.of_page(found, page.screenshot(type="png"), scale, path)


@functools.cache
def documents() -> list[str]:
    """HTML files that packages of documentation brought, at most 150 of each folder."""
    by_folder: dict[str, list] = {}
    for root in ("/usr/share/doc", "/usr/share/gimp", "/usr/share/R", "/usr/share/apache2", "/usr/share/debian-reference"):
        for path in sorted(pathlib.Path(root).rglob("*.htm*")):
            foreign = FOREIGN.search(str(path))
            if not foreign and path.is_file() and path.suffix in (".html", ".htm") and 3000 < path.stat().st_size < 900_000:
                by_folder.setdefault("/".join(path.parts[:6]), []).append(str(path.resolve()))
    rng = random.Random(3)
    return sorted({p for of in by_folder.values() for p in rng.sample(of, min(150, len(of)))})


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
    sharp = [s for s in SCALES if s * longest <= 2100] or [1]
    return html, round(width), round(height), rng.choice(sharp)
