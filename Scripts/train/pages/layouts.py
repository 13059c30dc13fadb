"""How blocks make a page: documents, applications, dashboards, charts, scenes, dialogs, pages
printed full."""

import random

from PIL import Image

import fonts
import words
from pages import charts, forms, interface, objects, pictures, prose, tables
from pages.canvas import Box, Canvas, contrast, jitter

BLOCKS = {
    "fields": (forms.fields, 3.2),
    "stats": (forms.stats, 1.4),
    "notice": (prose.notice, 0.5),
    "settings": (forms.settings, 0.8),
    "table": (tables.table, 2.6),
    "prices": (tables.price_list, 1.1),
    "receipt": (lambda c, b: tables.price_list(c, b, True), 1.1),
    "buttons": (interface.buttons, 1.6),
    "navigation": (interface.navigation, 0.7),
    "signs": (interface.signs, 1.0),
    "dialog": (interface.dialog, 0.5),
    "objects": (objects.objects, 1.8),
    "flow": (objects.flow, 0.5),
    "bars": (charts.bar_chart, 1.5),
    "lines": (charts.line_chart, 0.8),
    "pie": (charts.pie_chart, 0.6),
    "paragraph": (prose.paragraph, 1.2),
    "bullets": (prose.bullets, 0.6),
    "picture": (pictures.picture, 0.6),
    "icons": (pictures.icons, 0.3),
}
TALL = {"bars", "lines", "pie", "objects", "signs"}  # blocks that fill the room they are given


def block(canvas: Canvas, box: Box, name: str) -> float:
    """Draws one block; returns its bottom. Blocks that scale get a height of their own."""
    rng, size = canvas.rng, canvas.theme.text
    if name in TALL:
        box = (box[0], box[1], box[2], min(box[3], box[1] + size * rng.uniform(11, 30)))
    return BLOCKS[name][0](canvas, box)


def choose(rng: random.Random, prose_share: float) -> str:
    names = list(BLOCKS)
    weights = [
        w * (prose_share if n in ("paragraph", "bullets") else 1) for n, (_, w) in BLOCKS.items()
    ]
    return rng.choices(names, weights)[0]


def column(canvas: Canvas, box: Box, prose_share: float) -> None:
    """Blocks one below the other, some under a heading or in a card."""
    rng, theme = canvas.rng, canvas.theme
    if box[2] - box[0] <= theme.text * 4:
        return
    y = box[1]
    while y < box[3] - theme.text * 4:
        if rng.random() < 0.35:
            y = prose.heading(
                canvas,
                (box[0], y, box[2], box[3]),
                rng.choice([1.2, 1.4, 1.7, 2]),
                False,
                rng.choice(["left", "left", "center"]),
            )
        inside = box[0], y, box[2], box[3]
        card = rng.random() < 0.18 and y < box[3] - theme.text * 3
        if card:
            pad = theme.text * rng.uniform(0.7, 1.5)
            bottom = min(box[3], y + theme.text * rng.uniform(9, 22))
            if theme.light and rng.random() < 0.4:
                canvas.shadow((box[0], y, box[2], bottom), theme.text * 0.3)
            canvas.panel(
                (box[0], y, box[2], bottom),
                rng.choice([theme.surface, theme.background]),
                rng.choice([theme.line, None]),
                theme.radius,
            )
            top = y
            if rng.random() < 0.3:  # a coloured band with a title
                band = theme.text * 2.2
                fill = rng.choice(
                    [
                        theme.accent,
                        theme.accent,
                        jitter(rng, words.COLORS[rng.choice(list(words.COLORS))], 14),
                    ]
                )
                canvas.panel((box[0], y, box[2], y + band), fill)
                text = words.cased(rng, words.titled(rng))
                face = canvas.face(theme.text * rng.choice([1, 1.2]), True)
                if face.width(text) < box[2] - box[0] - 2 * pad:
                    canvas.text_in(
                        (box[0] + pad, y, box[2], y + band),
                        text,
                        face,
                        contrast(rng, fill),
                        "title",
                        "left",
                    )
                top += band
            inside = (box[0] + pad, top + pad, box[2] - pad, bottom - pad)
        end = block(canvas, inside, choose(rng, prose_share))
        y = (max(end, bottom) if card else end) + theme.text * rng.uniform(0.6, 2.5)


def split(rng: random.Random, box: Box, parts: int, gap: float) -> list[Box]:
    """Cuts a box into `parts` boxes, always across its longer side."""
    if parts == 1:
        return [box]
    x0, y0, x1, y1 = box
    first, t = parts // 2, rng.uniform(0.35, 0.65)
    if (x1 - x0) > (y1 - y0) * rng.uniform(0.8, 1.3):
        m = x0 + (x1 - x0) * t
        return split(rng, (x0, y0, m - gap, y1), first, gap) + split(
            rng, (m + gap, y0, x1, y1), parts - first, gap
        )
    m = y0 + (y1 - y0) * t
    return split(rng, (x0, y0, x1, m - gap), first, gap) + split(
        rng, (x0, m + gap, x1, y1), parts - first, gap
    )


def print_full(canvas: Canvas) -> None:
    """Columns of text, tables and lists with hardly a gap: most characters for the work of drawing
    and reading them."""
    rng, theme = canvas.rng, canvas.theme
    gap = theme.text * 0.5
    for part in split(
        rng, (gap, gap, canvas.width - gap, canvas.height - gap), rng.choice([2, 3, 4, 5, 6]), gap
    ):
        y, family = part[1], theme.family
        while y < part[3] - theme.text * 2:
            if rng.random() < 0.5:
                theme.family = fonts.pick(rng, rng.choices(["sans", "serif", "mono"], [6, 3, 1])[0])
            kinds = ["paragraph", "fields", "table", "prices", "bullets", "stats"]
            name = rng.choices(kinds, [4, 4, 4, 2, 1, 2])[0]
            room = (part[0], y, part[2], part[3])
            if name in ("fields", "table"):
                end = BLOCKS[name][0](canvas, room, rng.randint(3, 24))
            else:
                end = BLOCKS[name][0](canvas, room)
            y = max(end, y + theme.text)
        theme.family = family


def fill(canvas: Canvas, prose_share: float) -> None:
    """Draws one of the kinds of page."""
    rng, theme, w, h = canvas.rng, canvas.theme, canvas.width, canvas.height
    margin = theme.text * rng.uniform(0.8, 4)
    room = (margin, margin, w - margin, h - margin)
    kind = rng.choices(
        [
            "document",
            "application",
            "dashboard",
            "mosaic",
            "scene",
            "chart",
            "narrow",
            "alert",
            "sheet",
        ],
        [3, 3, 2, 2.5, 1, 1, 1, 0.6, 1.6],
    )[0]
    match kind:
        case "document":
            y = prose.heading(
                canvas,
                room,
                rng.choice([1.6, 2, 2.6, 3.2]),
                True,
                rng.choice(["left", "left", "center"]),
            )
            columns = rng.choice([1, 1, 2, 2, 3]) if w > theme.text * 45 else 1
            gap = theme.text * 1.2
            width = (room[2] - room[0] - gap * (columns - 1)) / columns
            for c in range(columns):
                x = room[0] + (width + gap) * c
                column(canvas, (x, y + theme.text, x + width, room[3]), prose_share)
        case "application":
            y = 0.0
            if rng.random() < 0.5:
                y = interface.window_bar(
                    canvas, (0, 0, w, h), words.title_case(rng.choice(words.TITLES + words.MENUS))
                )
            if rng.random() < 0.7:
                y = interface.navigation(canvas, (0, y, w, h))
            x = 0.0
            if rng.random() < 0.5:
                x = theme.text * rng.uniform(8, 13)
                interface.navigation(canvas, (0, y, x, h), True)
            y = prose.heading(
                canvas,
                (x + margin, y + theme.text, w - margin, h),
                rng.choice([1.3, 1.7, 2.2]),
                True,
            )
            cuts = split(
                rng,
                (x + margin, y + theme.text * 0.5, w - margin, h - margin),
                rng.choice([1, 2, 2, 3, 4]),
                theme.text,
            )
            for part in cuts:
                column(canvas, part, prose_share)
            if rng.random() < 0.15:
                interface.dialog(canvas, (w * 0.2, h * 0.25, w * 0.8, h * 0.8))
        case "dashboard":
            y = prose.heading(canvas, room, rng.choice([1.4, 2]), True)
            for part in split(
                rng, (room[0], y, room[2], room[3]), rng.choice([4, 6, 8]), theme.text * 0.5
            ):
                canvas.panel(
                    part, theme.surface, theme.line if rng.random() < 0.6 else None, theme.radius
                )
                pad = theme.text * 0.8
                column(
                    canvas,
                    (part[0] + pad, part[1] + pad, part[2] - pad, part[3] - pad),
                    prose_share,
                )
        case "mosaic":
            for part in split(rng, room, rng.choice([2, 3, 4, 5, 6]), theme.text * 0.6):
                column(canvas, part, prose_share)
        case "scene":
            rng.choice([objects.objects, objects.objects, interface.signs])(canvas, room)
        case "chart":
            y = prose.heading(canvas, room, 1.6, True) if rng.random() < 0.3 else room[1]
            rng.choice([charts.bar_chart, charts.bar_chart, charts.line_chart, charts.pie_chart])(
                canvas, (room[0], y, room[2], room[3])
            )
        case "alert":  # a dialog over a page that is dimmed or empty
            if rng.random() < 0.4:
                column(canvas, room, prose_share)
                shade = Image.new("RGB", canvas.image.size, (0, 0, 0))
                canvas.image.paste(Image.blend(canvas.image, shade, rng.uniform(0.3, 0.6)))
                canvas.cover((0, 0, w, h))
            interface.dialog(canvas, (w * 0.1, h * 0.15, w * 0.9, h * 0.95))
        case "sheet":  # a table from edge to edge: cells lie far from what names them
            y = room[1]
            if rng.random() < 0.8:
                y = prose.heading(canvas, room, rng.choice([1.2, 1.5, 2]), True)
            tables.table(canvas, (room[0], y, room[2], room[3]), rng.randint(4, 14))
        case "narrow":
            width = min(w - 2 * margin, theme.text * rng.uniform(20, 34))
            x = (w - width) / 2
            if rng.random() < 0.4:
                canvas.panel((x - margin, 0, x + width + margin, h), theme.surface)
            y = prose.heading(
                canvas, (x, margin, x + width, h), rng.choice([1.3, 1.8]), True, "center"
            )
            column(canvas, (x, y, x + width, room[3]), prose_share)
