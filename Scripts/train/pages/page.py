"""A record as the model sees it: cropped, scaled, worn, padded to a square.

The same record gives many pages, each a pure function of the random numbers it is given."""

import dataclasses
import io
import math
import random

import numpy as np
from PIL import Image, ImageFilter

from pages.records import Record

PAD = (122, 116, 104)  # what the preprocessor fills a non-square image with: int(255 * mean)
Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclasses.dataclass
class Run:
    """A string on one line. Coordinates are pixels of the page."""

    text: str
    spots: list[Point]  # the middle of every character
    size: float  # pixels per em
    box: Box
    role: str
    ink: tuple
    ground: tuple
    whole: bool  # nothing of it is hidden or cut off
    skip: bool  # decoration: read, not asked about
    label: int = -1  # the run that names this one
    header: int = -1  # the run at the head of its column


@dataclasses.dataclass
class Page:
    pixels: np.ndarray  # [side, side, 3] uint8
    width: int  # of the image before padding
    height: int
    runs: list[Run | None]  # None: not on the page
    panels: list[tuple[Box, tuple]]  # box, colour
    shapes: list[tuple[Box, str, tuple]]  # box, name, colour
    facts: list[dict]  # as extract.js gives them, boxes moved; `cut` where a part is outside
    colors: bool  # whether colours are as they were drawn
    source: str = ""


@dataclasses.dataclass
class Wear:
    """How a page is changed. The default leaves it as it is."""

    crop: Box | None = None  # of the picture, in pixels
    turn: float = 0.0  # degrees
    invert: bool = False
    gray: bool = False
    blur: float = 0.0
    jpeg: int = 0
    noise: float = 0.0
    uneven: tuple = ()  # light at the left, right, top, bottom
    margin: float = 0.0  # share of the side that is added around, as a photo of a sheet has it
    fill: tuple = PAD


def wear(rng: random.Random, record: Record, smallest: float) -> Wear:
    """What scanners, cameras, compression and people do; half of the pages stay as drawn.
    `smallest` is the em in pixels of the page below which most of the print should not fall."""
    w = Wear()
    kind = rng.random()
    sizes = sorted(r["s"] for r in record.runs) or [12]
    print_ = sizes[len(sizes) // 4] * 1344 / max(record.width, record.height)
    if rng.random() < (0.33 if print_ > smallest else 0.9):
        lowest = min(0.95, max(0.4, print_ / smallest * 0.9)) if print_ < smallest else rng.uniform(0.45, 0.95)
        cw, ch = (v * min(1.0, lowest * rng.uniform(0.85, 1.2)) for v in (record.width, record.height))
        x, y = rng.uniform(0, record.width - cw), rng.uniform(0, record.height - ch)
        w.crop = (x, y, x + cw, y + ch)
    if kind < 0.08:
        w.turn = rng.gauss(0, 0.8)
        w.fill = rng.choice([PAD, (255, 255, 255), (40, 40, 40), (150, 130, 105)])
    if rng.random() < 0.07:
        w.margin = rng.uniform(0.01, 0.15)
        w.fill = rng.choice([(255, 255, 255), (30, 30, 30), (150, 130, 105), (200, 200, 205), (70, 90, 80)])
    if rng.random() < 0.04:
        w.invert = True
    if rng.random() < 0.05:
        w.gray = True
    kind = rng.random()
    if kind < 0.14:
        w.jpeg = rng.randint(30, 92)
    elif kind < 0.2:
        w.noise = rng.uniform(2, 11)
    elif kind < 0.26:
        w.blur = rng.uniform(0.3, 0.8)
    elif kind < 0.31:
        w.uneven = (rng.uniform(0.7, 1), rng.uniform(0.85, 1.05), rng.uniform(0.85, 1.05), rng.uniform(0.75, 1))
    return w


def _pixels(image: Image.Image, w: Wear, seed: int) -> Image.Image:
    if w.jpeg:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=w.jpeg)
        image = Image.open(buffer).convert("RGB")
    if w.blur:
        image = image.filter(ImageFilter.GaussianBlur(w.blur))
    if w.noise or w.uneven or w.invert or w.gray:
        a = np.asarray(image, np.float32)
        if w.invert:
            a = 255 - a
        if w.gray:
            a = a @ np.float32([[0.3] * 3, [0.59] * 3, [0.11] * 3])
        if w.noise:
            a = a + np.random.default_rng(seed).normal(0, w.noise, (*a.shape[:2], 1)).astype(np.float32)
        if w.uneven:
            left, right, top, bottom = w.uneven
            a = a * np.linspace(left, right, a.shape[1], dtype=np.float32)[None, :, None]
            a = a * np.linspace(top, bottom, a.shape[0], dtype=np.float32)[:, None, None]
        image = Image.fromarray(np.clip(a, 0, 255).astype(np.uint8))
    return image


def page(record: Record, side: int, w: Wear = Wear(), seed: int = 0) -> Page:
    """The record as a square of `side` pixels, as the preprocessor makes it."""
    image = record.picture()
    x0, y0, x1, y1 = (round(v) for v in (w.crop or (0, 0, record.width, record.height)))
    image = image.crop((x0, y0, x1, y1))
    width, height = x1 - x0, y1 - y0
    edge = round(w.margin * max(width, height))
    shift = (edge - x0, edge - y0)
    if edge:
        larger = Image.new("RGB", (width + 2 * edge, height + 2 * edge), w.fill)
        larger.paste(image, (edge, edge))
        image, width, height = larger, width + 2 * edge, height + 2 * edge
    longest = max(width, height)
    scale, dx, dy = side / longest, (longest - width) // 2, (longest - height) // 2
    cos, sin = math.cos(math.radians(w.turn)), math.sin(math.radians(w.turn))
    if w.turn:
        image = image.rotate(-w.turn, Image.BICUBIC, fillcolor=w.fill)

    def move(x: float, y: float) -> Point:
        x, y = x + shift[0], y + shift[1]
        if w.turn:
            ox, oy = x - width / 2, y - height / 2
            x, y = width / 2 + ox * cos - oy * sin, height / 2 + ox * sin + oy * cos
        return (x + dx) * scale, (y + dy) * scale

    def box(b) -> Box:
        corners = [move(x, y) for x in (b[0], b[2]) for y in (b[1], b[3])]
        xs, ys = zip(*corners)
        return min(xs), min(ys), max(xs), max(ys)

    # At the scale that it is kept in, wear is finer than at the one the model sees: scale first.
    small = image.resize((max(1, round(width * scale)), max(1, round(height * scale))), Image.BICUBIC)
    square = Image.new("RGB", (side, side), PAD)
    square.paste(_pixels(small, w, seed), (round(dx * scale), round(dy * scale)))
    left, top = dx * scale, dy * scale
    inner = (left - 1, top - 1, left + width * scale + 1, top + height * scale + 1)
    if w.crop:
        inner = tuple(
            f(a, b) for f, a, b in zip((max, max, min, min), inner, box((x0, y0, x1, y1)))
        ) if not w.turn else inner
    inside = lambda x, y: inner[0] <= x <= inner[2] and inner[1] <= y <= inner[3]

    def covers(b: Box) -> bool:
        return inside(b[0] + 1, b[1] + 1) and inside(b[2] - 1, b[3] - 1)

    runs: list[Run | None] = []
    for r in record.runs:
        spots = [move(x, r["y"]) for x in r["x"]]
        kept = [i for i, spot in enumerate(spots) if inside(*spot)]
        b = box(r["b"])
        if not kept or not inside((b[0] + b[2]) / 2, spots[kept[0]][1]) and len(kept) < 2:
            runs.append(None)
            continue
        whole = len(kept) == len(spots) and covers(b) and not r.get("cut")
        first, last = kept[0], kept[-1] + 1
        text = r["t"][first:last]
        if r.get("v") or not text.strip():
            runs.append(None)
            continue
        runs.append(Run(
            text, spots[first:last], r["s"] * scale, b, r["role"], tuple(r["c"]), tuple(r["g"]), whole, bool(r["skip"])
        ))
    facts = []
    for f in record.facts:
        moved = {name: box(f[name]) for name in ("b", "h", "r") if name in f}
        facts.append(dict(f, **moved, cut=not covers(moved["b"])))
    made = Page(
        np.asarray(square), width, height, runs,
        [(box(p["b"]), tuple(p["c"])) for p in record.panels],
        [(box(s["b"]), s["n"], tuple(s["c"])) for s in record.shapes if covers(box(s["b"]))],
        facts, not (w.invert or w.gray), record.source,
    )
    _name(made)
    return made


def _name(made: Page) -> None:
    """Tells every value which run is its label, every cell what heads its column."""
    first = lambda numbers: next((i for i in numbers if made.runs[i]), -1)
    for f in made.facts:
        if f["k"] in ("pair", "field", "check") and f.get("l"):
            for i in f.get("a", []):
                if made.runs[i]:
                    made.runs[i].label = first(f["l"])
        elif f["k"] == "cell":
            for i in f["a"]:
                if made.runs[i]:
                    made.runs[i].label, made.runs[i].header = first(f["row"]), first(f["col"])
