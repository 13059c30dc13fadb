"""Whole pages: a theme, a size, a layout, what compression and cameras do, and the square the
model sees.

`page(seed, index, side)` is a pure function: the same arguments give the same page."""

import dataclasses
import io
import random

import numpy as np
from PIL import Image, ImageFilter

import fonts
import words
from pages.canvas import Box, Canvas, Fact, Run, Theme, jitter
from pages.layouts import fill, print_full
from pages.objects import objects

PAD = (122, 116, 104)  # what the preprocessor fills a non-square image with: int(255 * mean)
SIZES = [
    (1280, 720),
    (1366, 768),
    (1440, 900),
    (1920, 1080),
    (1024, 768),
    (1280, 800),
    (1600, 900),
    (1280, 1024),
    (827, 1169),
    (1000, 1414),
    (1240, 1754),
    (900, 1200),
    (1080, 1440),
    (1000, 1000),
    (1200, 1200),
    (900, 1600),
    (800, 1400),
    (1080, 1920),
    (900, 600),
    (1200, 800),
    (1000, 700),
    (1500, 1000),
    (640, 480),
    (800, 600),
    (960, 1280),
    (1800, 1200),
]
LIGHT = [(255, 255, 255)] * 6 + [
    (250, 250, 250),
    (248, 249, 250),
    (245, 245, 240),
    (240, 242, 245),
    (255, 250, 235),
    (232, 238, 244),
    (240, 240, 240),
    (225, 235, 225),
]
DARK = [
    (18, 18, 18),
    (30, 30, 30),
    (32, 33, 36),
    (24, 26, 27),
    (13, 17, 23),
    (15, 25, 45),
    (40, 42, 54),
    (45, 45, 48),
    (0, 0, 0),
    (20, 40, 40),
]


@dataclasses.dataclass
class Page:
    pixels: np.ndarray  # [side, side, 3] uint8
    width: int  # of the image before padding
    height: int
    runs: list[Run]
    shapes: list[tuple[Box, int, int]]
    panels: list[tuple[Box, int]]
    facts: list[Fact]


def make_theme(rng: random.Random, text: float) -> Theme:
    light = rng.random() < 0.8
    background = jitter(rng, rng.choice(LIGHT if light else DARK), 3)
    shift = rng.randint(6, 22) * (-1 if light else 1)
    name = rng.choice(
        [
            "blue",
            "blue",
            "green",
            "red",
            "purple",
            "orange",
            "cyan",
            "brown",
            "pink",
            "gray",
            "black" if light else "white",
        ]
    )
    group = rng.choices(["sans", "serif", "mono"], [7, 2.4, 1.1])[0]
    family = fonts.pick(rng, group)
    heading = (
        family
        if rng.random() < 0.6
        else fonts.pick(rng, rng.choice(["sans", "sans", "serif", "display"]))
    )
    base = (
        rng.choice(
            [(0, 0, 0), (20, 20, 20), (33, 37, 41), (51, 51, 51), (30, 30, 80), (68, 68, 68)]
        )
        if light
        else rng.choice([(255, 255, 255), (230, 230, 230), (220, 225, 230), (200, 200, 200)])
    )
    fade = rng.uniform(0.25, 0.5)
    mix = lambda a, b, t: tuple(round(x * (1 - t) + y * t) for x, y in zip(a, b))
    return Theme(
        light,
        background,
        tuple(max(0, min(255, v + shift)) for v in background),
        jitter(rng, base, 4),
        mix(base, background, fade),
        mix(base, background, rng.uniform(0.65, 0.88)),
        jitter(rng, words.COLORS[name], 20),
        name,
        family,
        heading,
        fonts.pick(rng, "mono"),
        text,
        rng.choice([0, 0, 3, 4, 6, 8, 12]),
    )


def degrade(image: Image.Image, rng: random.Random) -> Image.Image:
    """What scanners, cameras and compression add; most pages stay as drawn."""
    kind = rng.random()
    if kind < 0.12:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(35, 92))
        image = Image.open(buffer).convert("RGB")
    elif kind < 0.17:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(
            0, rng.uniform(2, 10), (image.height, image.width, 1)
        )
        image = Image.fromarray(
            np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8)
        )
    elif kind < 0.2:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.7)))
    elif kind < 0.24:  # uneven light
        ramp = (
            np.linspace(rng.uniform(0.75, 1), rng.uniform(0.85, 1.05), image.width)[None, :, None]
            * np.linspace(1, rng.uniform(0.85, 1.05), image.height)[:, None, None]
        )
        image = Image.fromarray(
            np.clip(np.asarray(image, np.float32) * ramp, 0, 255).astype(np.uint8)
        )
    return image


def gradient(canvas: Canvas) -> None:
    """A background that changes a little from top to bottom."""
    a, b = np.array(canvas.theme.background, float), np.array(canvas.theme.surface, float)
    ramp = (a + (b - a) * np.linspace(0, 1, canvas.height)[:, None])[:, None].repeat(
        canvas.width, 1
    )
    canvas.image.paste(Image.fromarray(ramp.astype(np.uint8)))


def page(
    seed: int,
    index: int,
    side: int,
    prose_share: float = 1.0,
    smallest: float = 7.5,
    full: float = 0.0,
    scenes: float = 0.0,
) -> Page:
    """Page `index` of stream `seed`, padded to a square and resized to `side` as the preprocessor
    does it. `smallest` is the smallest em in pixels of the result, `full` the share of pages that
    are printed full, `scenes` that of the others which show shapes, some with captions, and nothing
    else."""
    rng = random.Random(f"{seed}/{index}")
    width, height = rng.choice(SIZES)
    if rng.random() < 0.5:
        width, height = (
            round(width * rng.uniform(0.75, 1.2)),
            round(height * rng.uniform(0.75, 1.2)),
        )
    scale = side / max(width, height)
    fine = (
        2 if rng.random() < 0.3 and max(width, height) < 1500 else 1
    )  # drawn larger and reduced: no hinting, soft edges
    width, height, scale = width * fine, height * fine, scale / fine
    printed_full = rng.random() < full
    large = rng.random() < 0.35
    most, bend = (3.6, 0.9) if large else (0.9, 1.3) if printed_full else (2.2, 1.9)
    em = smallest * (1 + most * rng.random() ** bend) / scale
    text = max(9.0, min((60.0 if large else 44.0) * fine, em))
    canvas = Canvas(rng, width, height, make_theme(rng, text))
    if rng.random() < 0.06:
        gradient(canvas)
    canvas.draw.fontmode = "1" if rng.random() < 0.02 else "L"
    if printed_full:
        print_full(canvas)
    elif rng.random() < scenes:
        objects(canvas, (0, 0, canvas.width, canvas.height))
    else:
        fill(canvas, prose_share)
    image = canvas.image
    if fine > 1:
        image = image.reduce(fine)
        width, height, scale = width // fine, height // fine, scale * fine
        canvas.shrink(fine)
    image = degrade(image, rng)
    longest = max(width, height)
    dx, dy = (longest - width) // 2, (longest - height) // 2
    square = Image.new("RGB", (longest, longest), PAD)
    square.paste(image, (dx, dy))
    if longest != side:
        square = square.resize((side, side), Image.BICUBIC)
    move = lambda b: (
        (b[0] + dx) * scale,
        (b[1] + dy) * scale,
        (b[2] + dx) * scale,
        (b[3] + dy) * scale,
    )
    runs = [
        dataclasses.replace(
            r,
            centers=[(x + dx) * scale for x in r.centers],
            y=(r.y + dy) * scale,
            size=r.size * scale,
            box=move(r.box),
        )
        for r in canvas.runs
    ]
    facts = [
        dataclasses.replace(
            f,
            target=move(f.target),
            search=[move(b) for b in f.search],
            key_box=move(f.key_box) if f.key_box else None,
        )
        for f in canvas.facts
    ]
    return Page(
        np.asarray(square),
        width,
        height,
        runs,
        [(move(b), s, c) for b, s, c in canvas.shapes],
        [(move(b), c) for b, c in canvas.panels],
        facts,
    )
