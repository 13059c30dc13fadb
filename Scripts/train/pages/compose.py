"""Whole pages: a theme, a size, a layout filled with blocks, what compression and cameras do, and the square the model sees.

`page(seed, index, side)` is a pure function: the same arguments give the same page."""
import dataclasses
import io
import random

import numpy as np
from PIL import Image, ImageFilter

import fonts
import words
from pages import charts, forms, interface, objects, prose, tables
from pages.canvas import Box, Canvas, Fact, Run, Theme, contrast, jitter

PAD = (122, 116, 104)                   # what the preprocessor fills a non-square image with: int(255 * mean)
SIZES = [(1280, 720), (1366, 768), (1440, 900), (1920, 1080), (1024, 768), (1280, 800), (1600, 900), (1280, 1024), (827, 1169), (1000, 1414), (1240, 1754), (900, 1200), (1080, 1440),
         (1000, 1000), (1200, 1200), (900, 1600), (800, 1400), (1080, 1920), (900, 600), (1200, 800), (1000, 700), (1500, 1000), (640, 480), (800, 600), (960, 1280), (1800, 1200)]
LIGHT = [(255, 255, 255)] * 6 + [(250, 250, 250), (248, 249, 250), (245, 245, 240), (240, 242, 245), (255, 250, 235), (232, 238, 244), (240, 240, 240), (225, 235, 225)]
DARK = [(18, 18, 18), (30, 30, 30), (32, 33, 36), (24, 26, 27), (13, 17, 23), (15, 25, 45), (40, 42, 54), (45, 45, 48), (0, 0, 0), (20, 40, 40)]

@dataclasses.dataclass
class Page:
    pixels: np.ndarray                  # [side, side, 3] uint8
    width: int                          # of the image before padding
    height: int
    runs: list[Run]
    shapes: list[tuple[Box, int, int]]
    panels: list[tuple[Box, int]]
    facts: list[Fact]

def make_theme(rng: random.Random, text: float) -> Theme:
    light = rng.random() < .8
    background = jitter(rng, rng.choice(LIGHT if light else DARK), 3)
    shift = rng.randint(6, 22) * (-1 if light else 1)
    name = rng.choice(["blue", "blue", "green", "red", "purple", "orange", "cyan", "brown", "pink", "gray", "black" if light else "white"])
    group = rng.choices(["sans", "serif", "mono"], [7, 2, .7])[0]
    family = fonts.pick(rng, group)
    heading = family if rng.random() < .6 else fonts.pick(rng, rng.choice(["sans", "sans", "serif", "display"]))
    base = rng.choice([(0, 0, 0), (20, 20, 20), (33, 37, 41), (51, 51, 51), (30, 30, 80), (68, 68, 68)]) if light else rng.choice([(255, 255, 255), (230, 230, 230), (220, 225, 230), (200, 200, 200)])
    fade = rng.uniform(.25, .5)
    mix = lambda a, b, t: tuple(round(x * (1 - t) + y * t) for x, y in zip(a, b))
    return Theme(light, background, tuple(max(0, min(255, v + shift)) for v in background), jitter(rng, base, 4), mix(base, background, fade), mix(base, background, rng.uniform(.65, .88)),
                 jitter(rng, words.COLORS[name], 20), name, family, heading, fonts.pick(rng, "mono"), text, rng.choice([0, 0, 3, 4, 6, 8, 12]))

BLOCKS = {"fields": (forms.fields, 3.2), "stats": (forms.stats, 1.4), "notice": (prose.notice, .5), "settings": (forms.settings, .8), "table": (tables.table, 2.6), "prices": (tables.price_list, 1.1), "receipt": (lambda c, b: tables.price_list(c, b, True), 1.1),
          "buttons": (interface.buttons, 1.6), "navigation": (interface.navigation, .7), "signs": (interface.signs, 1.), "dialog": (interface.dialog, .5), "objects": (objects.objects, 1.8), "flow": (objects.flow, .5),
          "bars": (charts.bar_chart, 1.5), "lines": (charts.line_chart, .8), "pie": (charts.pie_chart, .6), "paragraph": (prose.paragraph, 1.2), "bullets": (prose.bullets, .6)}
TALL = {"bars", "lines", "pie", "objects", "signs"}                 # blocks that fill the room they are given

def block(canvas: Canvas, box: Box, name: str) -> float:
    """Draws one block; returns its bottom. Blocks that scale get a height of their own."""
    rng, size = canvas.rng, canvas.theme.text
    if name in TALL:
        box = (box[0], box[1], box[2], min(box[3], box[1] + size * rng.uniform(11, 30)))
    return BLOCKS[name][0](canvas, box)

def choose(rng: random.Random, prose_share: float) -> str:
    names = list(BLOCKS)
    weights = [w * (prose_share if n in ("paragraph", "bullets") else 1) for n, (_, w) in BLOCKS.items()]
    return rng.choices(names, weights)[0]

def column(canvas: Canvas, box: Box, prose_share: float) -> None:
    """Blocks one below the other, some under a heading or in a card."""
    rng, theme = canvas.rng, canvas.theme
    y = box[1]
    while y < box[3] - theme.text * 4:
        if rng.random() < .35:
            y = prose.heading(canvas, (box[0], y, box[2], box[3]), rng.choice([1.2, 1.4, 1.7, 2]), False, rng.choice(["left", "left", "center"]))
        inside = box[0], y, box[2], box[3]
        card = rng.random() < .18
        if card:
            pad = theme.text * rng.uniform(.7, 1.5)
            bottom = min(box[3], y + theme.text * rng.uniform(9, 22))
            if theme.light and rng.random() < .4:
                canvas.shadow((box[0], y, box[2], bottom), theme.text * .3)
            canvas.panel((box[0], y, box[2], bottom), rng.choice([theme.surface, theme.background]), rng.choice([theme.line, None]), theme.radius)
            top = y
            if rng.random() < .3:                               # a coloured band with a title
                band = theme.text * 2.2
                fill = rng.choice([theme.accent, theme.accent, jitter(rng, words.COLORS[rng.choice(list(words.COLORS))], 14)])
                canvas.panel((box[0], y, box[2], y + band), fill)
                text = words.cased(rng, rng.choice(words.TITLES))
                face = canvas.face(theme.text * rng.choice([1, 1.2]), True)
                if face.width(text) < box[2] - box[0] - 2 * pad:
                    canvas.text_in((box[0] + pad, y, box[2], y + band), text, face, contrast(rng, fill), "title", "left")
                top += band
            inside = (box[0] + pad, top + pad, box[2] - pad, bottom - pad)
        end = block(canvas, inside, choose(rng, prose_share))
        y = (max(end, bottom) if card else end) + theme.text * rng.uniform(.6, 2.5)

def split(rng: random.Random, box: Box, parts: int, gap: float) -> list[Box]:
    """Cuts a box into `parts` boxes, always across its longer side."""
    if parts == 1:
        return [box]
    x0, y0, x1, y1 = box
    first, t = parts // 2, rng.uniform(.35, .65)
    if (x1 - x0) > (y1 - y0) * rng.uniform(.8, 1.3):
        m = x0 + (x1 - x0) * t
        return split(rng, (x0, y0, m - gap, y1), first, gap) + split(rng, (m + gap, y0, x1, y1), parts - first, gap)
    m = y0 + (y1 - y0) * t
    return split(rng, (x0, y0, x1, m - gap), first, gap) + split(rng, (x0, m + gap, x1, y1), parts - first, gap)

def print_full(canvas: Canvas) -> None:
    """Columns of text, tables and lists with hardly a gap: most characters for the work of drawing and reading them."""
    rng, theme = canvas.rng, canvas.theme
    gap = theme.text * .5
    for part in split(rng, (gap, gap, canvas.width - gap, canvas.height - gap), rng.choice([2, 3, 4, 5, 6]), gap):
        y, family = part[1], theme.family
        while y < part[3] - theme.text * 2:
            if rng.random() < .5:
                theme.family = fonts.pick(rng, rng.choices(["sans", "serif", "mono"], [6, 3, 1])[0])
            name = rng.choices(["paragraph", "fields", "table", "prices", "bullets", "stats"], [7, 3, 3, 1, 1, 1])[0]
            end = BLOCKS[name][0](canvas, (part[0], y, part[2], part[3]))
            y = max(end, y + theme.text)
        theme.family = family

def fill(canvas: Canvas, prose_share: float) -> None:
    """Draws one of the kinds of page."""
    rng, theme, w, h = canvas.rng, canvas.theme, canvas.width, canvas.height
    margin = theme.text * rng.uniform(.8, 4)
    room = (margin, margin, w - margin, h - margin)
    kind = rng.choices(["document", "application", "dashboard", "mosaic", "scene", "chart", "narrow", "alert"], [3, 3, 2, 2.5, 1, 1, 1, .6])[0]
    match kind:
        case "document":
            y = prose.heading(canvas, room, rng.choice([1.6, 2, 2.6, 3.2]), True, rng.choice(["left", "left", "center"]))
            columns = rng.choice([1, 1, 2, 2, 3]) if w > theme.text * 45 else 1
            gap = theme.text * 1.2
            width = (room[2] - room[0] - gap * (columns - 1)) / columns
            for c in range(columns):
                x = room[0] + (width + gap) * c
                column(canvas, (x, y + theme.text, x + width, room[3]), prose_share)
        case "application":
            y = 0.
            if rng.random() < .5:
                y = interface.window_bar(canvas, (0, 0, w, h), words.title_case(rng.choice(words.TITLES + words.MENUS)))
            if rng.random() < .7:
                y = interface.navigation(canvas, (0, y, w, h))
            x = 0.
            if rng.random() < .5:
                x = theme.text * rng.uniform(8, 13)
                interface.navigation(canvas, (0, y, x, h), True)
            y = prose.heading(canvas, (x + margin, y + theme.text, w - margin, h), rng.choice([1.3, 1.7, 2.2]), True)
            cuts = split(rng, (x + margin, y + theme.text * .5, w - margin, h - margin), rng.choice([1, 2, 2, 3, 4]), theme.text)
            for part in cuts:
                column(canvas, part, prose_share)
            if rng.random() < .15:
                interface.dialog(canvas, (w * .2, h * .25, w * .8, h * .8))
        case "dashboard":
            y = prose.heading(canvas, room, rng.choice([1.4, 2]), True)
            for part in split(rng, (room[0], y, room[2], room[3]), rng.choice([4, 6, 8]), theme.text * .5):
                canvas.panel(part, theme.surface, theme.line if rng.random() < .6 else None, theme.radius)
                pad = theme.text * .8
                column(canvas, (part[0] + pad, part[1] + pad, part[2] - pad, part[3] - pad), prose_share)
        case "mosaic":
            for part in split(rng, room, rng.choice([2, 3, 4, 5, 6]), theme.text * .6):
                column(canvas, part, prose_share)
        case "scene":
            rng.choice([objects.objects, objects.objects, interface.signs])(canvas, room)
        case "chart":
            y = prose.heading(canvas, room, 1.6, True) if rng.random() < .3 else room[1]
            rng.choice([charts.bar_chart, charts.bar_chart, charts.line_chart, charts.pie_chart])(canvas, (room[0], y, room[2], room[3]))
        case "alert":                                           # a dialog over a page that is dimmed or empty
            if rng.random() < .4:
                column(canvas, room, prose_share)
                shade = Image.new("RGB", canvas.image.size, (0, 0, 0))
                canvas.image.paste(Image.blend(canvas.image, shade, rng.uniform(.3, .6)))
                canvas.cover((0, 0, w, h))
            interface.dialog(canvas, (w * .1, h * .15, w * .9, h * .95))
        case "narrow":
            width = min(w - 2 * margin, theme.text * rng.uniform(20, 34))
            x = (w - width) / 2
            if rng.random() < .4:
                canvas.panel((x - margin, 0, x + width + margin, h), theme.surface)
            y = prose.heading(canvas, (x, margin, x + width, h), rng.choice([1.3, 1.8]), True, "center")
            column(canvas, (x, y, x + width, room[3]), prose_share)

def degrade(image: Image.Image, rng: random.Random) -> Image.Image:
    """What scanners, cameras and compression add; most pages stay as drawn."""
    kind = rng.random()
    if kind < .12:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=rng.randint(35, 92))
        image = Image.open(buffer).convert("RGB")
    elif kind < .17:
        noise = np.random.default_rng(rng.getrandbits(32)).normal(0, rng.uniform(2, 10), (image.height, image.width, 1))
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) + noise, 0, 255).astype(np.uint8))
    elif kind < .2:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(.3, .7)))
    elif kind < .24:                                            # uneven light
        ramp = np.linspace(rng.uniform(.75, 1), rng.uniform(.85, 1.05), image.width)[None, :, None] * np.linspace(1, rng.uniform(.85, 1.05), image.height)[:, None, None]
        image = Image.fromarray(np.clip(np.asarray(image, np.float32) * ramp, 0, 255).astype(np.uint8))
    return image

def gradient(canvas: Canvas) -> None:
    """A background that changes a little from top to bottom."""
    a, b = np.array(canvas.theme.background, float), np.array(canvas.theme.surface, float)
    ramp = (a + (b - a) * np.linspace(0, 1, canvas.height)[:, None])[:, None].repeat(canvas.width, 1)
    canvas.image.paste(Image.fromarray(ramp.astype(np.uint8)))

def page(seed: int, index: int, side: int, prose_share: float = 1., smallest: float = 7.5, full: float = 0.) -> Page:
    """Page `index` of stream `seed`, padded to a square and resized to `side` as the preprocessor does it. `smallest` is the
    smallest em in pixels of the result, `full` the share of pages that are printed full."""
    rng = random.Random(f"{seed}/{index}")
    width, height = rng.choice(SIZES)
    if rng.random() < .5:
        width, height = round(width * rng.uniform(.75, 1.2)), round(height * rng.uniform(.75, 1.2))
    scale = side / max(width, height)
    fine = 2 if rng.random() < .3 and max(width, height) < 1500 else 1      # drawn larger and reduced: no hinting, soft edges
    width, height, scale = width * fine, height * fine, scale / fine
    printed_full = rng.random() < full
    spread = (.9, 1.3) if printed_full else (2.2, 1.9)
    text = max(9., min(44. * fine, smallest * (1 + spread[0] * rng.random() ** spread[1]) / scale))
    canvas = Canvas(rng, width, height, make_theme(rng, text))
    if rng.random() < .06:
        gradient(canvas)
    canvas.draw.fontmode = "1" if rng.random() < .02 else "L"
    if printed_full:
        print_full(canvas)
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
    move = lambda b: ((b[0] + dx) * scale, (b[1] + dy) * scale, (b[2] + dx) * scale, (b[3] + dy) * scale)
    runs = [dataclasses.replace(r, centers=[(x + dx) * scale for x in r.centers], y=(r.y + dy) * scale, size=r.size * scale, box=move(r.box)) for r in canvas.runs]
    facts = [dataclasses.replace(f, target=move(f.target), search=[move(b) for b in f.search], key_box=move(f.key_box) if f.key_box else None) for f in canvas.facts]
    return Page(np.asarray(square), width, height, runs, [(move(b), s, c) for b, s, c in canvas.shapes], [(move(b), c) for b, c in canvas.panels], facts)
