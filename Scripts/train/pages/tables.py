"""Tables, price lists and receipts."""

import itertools
import random

import values
import words
from pages.canvas import Box, Canvas, contrast, jitter


NUMBERS = ("money", "count", "percent", "decimal", "measure", "year")


def draw_columns(rng: random.Random, count: int) -> dict[str, str]:
    """Column heads and the types of their cells: mostly the usual ones of tables, some that
    otherwise stand in forms, and some that are any word."""
    heads = dict(rng.sample(list(words.COLUMNS.items()), count))
    for head in list(heads):
        kind = rng.random()
        if kind < 0.25:
            del heads[head]
            heads.update([rng.choice(words.KEYS)])
        elif kind < 0.37:
            heads[rng.choice(words.GENERAL)] = heads.pop(head)
    return heads


def column_edges(rng, x0: float, x1: float, size: float, first: float, count: int) -> list[float]:
    """Where the first column, `first` wide or more, and `count` others begin and end."""
    if rng.random() < 0.4:
        first = max(first, (x1 - x0) / (count + 1) * rng.uniform(0.7, 1.3))
    span = (x1 - x0 - first) / count
    if rng.random() < 0.4:
        span = min(span, size * 11)
    uneven = rng.choice([0, 0.3, 0.6])
    shares = [1 + uneven * rng.uniform(-1, 1) for _ in range(count)]
    edges = [x0, x0 + first]
    for share in shares:
        edges.append(edges[-1] + span * count * share / sum(shares))
    return edges


def table(canvas: Canvas, box: Box, rows: int = 0) -> float:
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size = theme.text * rng.choice([0.9, 1, 1, 1])
    face = canvas.face(size)
    # A spreadsheet's: numbers hard against the next column; columns are alike or as wide as their
    # content.
    sheet, alike = rng.random() < 0.3, rng.random() < 0.5
    pitch = size * (rng.uniform(1.15, 1.5) if sheet else rng.uniform(1.15, 2.7))
    count = min(rows or rng.randint(2, 12), int((y1 - y0) / pitch) - 1)
    if count < 1 or x1 - x0 < size * 12:
        return y0
    pool = rng.choices(
        [words.FOODS, words.GOODS, words.PLACES, words.SERIES, words.PERIODS, None],
        [1, 2, 1, 1, 1, 2],
    )[0]
    style = rng.choices([words.title_case, str.capitalize, str.lower, str.upper], [5, 3, 1, 1])[0]
    if pool:
        names = rng.sample(pool, min(count, len(pool)))
    else:
        names = [
            rng.choice(
                [
                    words.person,
                    values.code,
                    lambda r: words.pseudo_word(r, r.randint(4, 9)),
                    lambda r: r.choice(words.GENERAL),
                ]
            )(rng)
            for _ in range(count)
        ]
        style = str
    names = [n for n in dict.fromkeys(names) if face.width(style(n)) < (x1 - x0) * 0.45]
    if not names:
        return y0
    first = max(face.width(style(n)) for n in names) + size * 2
    fit = int((x1 - x0 - first) / (size * rng.uniform(5.5, 9)))
    columns = draw_columns(rng, max(1, min(rng.randint(1, 6), fit)))
    corner = rng.choice(["item", "name", "product", "description", "", "service", "month", "city"])
    common = rng.choice(["left", "left", "right", "center", ""])  # "": numbers to the right
    head_align = rng.choice(["", "", "", "left", "center"])  # "": as its column
    pad = size * rng.choice([0.5, 0.5, 0.8, 0.15])
    head_style = rng.choice(["filled", "filled", "bold", "underlined", "muted"])
    grid, zebra, bold_first = rng.random() < 0.35, rng.random() < 0.35, rng.random() < 0.25
    ruled = not grid and rng.random() < 0.5
    if sheet:
        common, head_align = "", rng.choice(["center", "center", "left", ""])
        pad, grid, zebra = size * rng.uniform(0.1, 0.25), rng.random() < 0.25, False
        ruled = False
    aligns = ["left"] + [
        common or ("right" if kind in NUMBERS else "left") for kind in columns.values()
    ]
    head_face = canvas.face(
        size, head_style in ("filled", "bold", "underlined") and rng.random() < 0.8
    )
    first_face = canvas.face(size, bold_first)
    drawn = lambda kind: values.of_kind(rng, kind) if rng.random() < 0.85 else values.of_any_kind(rng)
    texts = [[drawn(kind) for kind in columns.values()] for _ in names] if sheet else []
    if sheet:
        widths = [max(head_face.width(corner), *(first_face.width(style(n)) for n in names))]
        for column, cells in zip(columns, zip(*texts)):
            widths.append(max(head_face.width(words.title_case(column)), *map(face.width, cells)))
        slack = 2 * pad + size * rng.choice([0.1, 0.3, 0.3, 1, 2])
        if alike:
            widths = [max(*widths, size * rng.uniform(5, 14))] * len(widths)
        edges = [x0, *(x0 + x for x in itertools.accumulate(w + slack for w in widths))]
        edges = [x for x in edges if x <= x1]
        columns = dict(itertools.islice(columns.items(), max(0, len(edges) - 2)))
        if not columns:
            return y0
    else:
        edges = column_edges(rng, x0, x1, size, first, len(columns))
    right_edge = edges[-1]
    head_fill = rng.choice([theme.accent, theme.surface, jitter(rng, theme.line, 6)])
    upper = rng.random() < 0.2
    cell = lambda r, c: (edges[c], y0 + pitch * r, edges[c + 1], y0 + pitch * (r + 1))
    if head_style == "filled":
        canvas.panel((x0, y0, right_edge, y0 + pitch), head_fill)
    ink = (
        contrast(rng, head_fill)
        if head_style == "filled"
        else theme.muted
        if head_style == "muted"
        else theme.ink
    )
    heads = []
    for c, name in enumerate([corner, *columns]):
        shown = name.upper() if upper else words.title_case(name)
        if head_face.width(shown) > edges[c + 1] - edges[c] - 2 * min(pad, size * 0.2):
            heads.append(-1)
            continue
        heads.append(
            canvas.text_in(
                cell(0, c), shown, head_face, ink, "header", head_align or aligns[c], pad
            )
            if shown
            else -1
        )
    if head_style == "underlined":
        canvas.line(
            x0, y0 + pitch, right_edge, y0 + pitch, fill=theme.ink, width=rng.choice([1, 2])
        )
    lead, cells = [], []
    for r, name in enumerate(names, 1):
        if zebra and r % 2 == 0:
            canvas.panel((x0, y0 + pitch * r, right_edge, y0 + pitch * (r + 1)), theme.surface)
        run = canvas.text_in(
            cell(r, 0),
            style(name),
            first_face,
            theme.ink,
            "cell",
            "left",
            pad,
        )
        canvas.runs[run].header = heads[0]
        lead.append(run)
        for c, (column, kind) in enumerate(columns.items(), 1):
            for _ in range(6):
                text = texts[r - 1][c - 1] if sheet else drawn(kind)
                if face.width(text) < edges[c + 1] - edges[c] - 2 * pad:
                    at = canvas.text_in(
                        cell(r, c), text, face, theme.ink, "cell", aligns[c], pad
                    )
                    canvas.runs[at].label, canvas.runs[at].header = run, heads[c]
                    if heads[c] >= 0:
                        cells.append((name, column, at, run))
                    break
        if ruled:
            canvas.line(x0, y0 + pitch * (r + 1), right_edge, y0 + pitch * (r + 1))
    bottom = y0 + pitch * (len(names) + 1)
    if grid:
        for r in range(len(names) + 2):
            canvas.line(x0, y0 + pitch * r, right_edge, y0 + pitch * r)
        for x in edges:
            canvas.line(x, y0, x, bottom)
    search = [
        canvas.runs[r].box for r in lead + [h for h in heads if h >= 0] + [c[2] for c in cells]
    ]
    for name, column, at, run in cells:
        canvas.fact("cell", at, search, run, row=name, column=column)
    if corner and len(names) > 1:
        canvas.facts.append(
            type(canvas.facts[0])("rows", {}, str(len(names)), (x0, y0, right_edge, bottom), search)
        ) if canvas.facts else None
    return bottom + size * 0.5


def price_list(canvas: Canvas, box: Box, receipt: bool = False) -> float:
    """Names at the left, prices at the right: menus and receipts, with totals for the latter."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size = theme.text * rng.choice([1, 1, 1.2])
    family = theme.mono if receipt and rng.random() < 0.6 else ""
    face, bold = canvas.face(size, family=family), canvas.face(size, True, family=family)
    pitch = size * rng.uniform(1.3, 2.4)
    style = rng.choices([words.title_case, str.upper, str.capitalize, str.lower], [4, 2, 3, 1])[0]
    sign = rng.choice(["$", "$", "", "€", "£"])
    limit = int((y1 - y0) / pitch) - (5 if receipt else 0)
    items = rng.sample(
        rng.choice([words.FOODS, words.FOODS, words.GOODS]), max(0, min(rng.randint(2, 12), limit))
    )
    leaders, gap, y, done = rng.random() < 0.35, rng.random() < 0.25, y0, []

    def row(name: str, shown: str, price: str, font, fill) -> None:
        nonlocal y
        if font.width(shown) + font.width(price) + size * 2 > x1 - x0:
            return
        key = canvas.text(x0, y, shown, font, fill, "key")
        at = canvas.runs[key].box[2] + size if gap else x1 - font.width(price)
        run = canvas.text(at, y, price, font, fill, "value")
        canvas.runs[run].label = key
        if leaders and not gap:
            dots = int((at - canvas.runs[key].box[2] - size) / max(1, font.width(".")))
            if dots > 2:
                canvas.draw.text(
                    (round(canvas.runs[key].box[2] + size * 0.5), round(y) + font.ascent),
                    "." * dots,
                    font=font.font,
                    fill=theme.muted,
                    anchor="ls",
                )
        done.append((name, key, run))
        y += pitch

    head = rng.sample(words.KEYS, rng.choice([1, 2, 3])) if receipt and rng.random() < 0.4 else []
    for name, kind in head:
        row(name, style(words.printed(rng, name)), values.of_kind(rng, kind), face, theme.ink)
    total = 0.0
    for item in items:
        price = rng.choice(
            [
                rng.randint(1, 30) + rng.choice([0, 0.5, 0.25, 0.75, 0.95, 0.99, 0.9]),
                rng.randint(100, 9999) / 100,
            ]
        )
        quantity = (
            rng.choice(["", "", "", f"{rng.randint(1, 9)} x ", f"{rng.randint(1, 9)}  "])
            if receipt
            else ""
        )
        total += price
        row(item, quantity + style(item), f"{sign}{price:.2f}", face, theme.ink)
    if receipt and y + pitch * 4 < y1:
        canvas.line(x0, y + pitch * 0.1, x1, y + pitch * 0.1)
        y += pitch * 0.4
        tax = total * rng.choice([0.05, 0.08, 0.1, 0.19, 0.2])
        last = rng.choice(["total", "total", "grand total", "amount due", "total due"])
        lines = [
            ("subtotal", total),
            (rng.choice(["tax", "vat", "sales tax"]), tax),
            (last, total + tax),
        ]
        if rng.random() < 0.5:
            lines += [
                ("cash", round(total + tax + 10, -1)),
                ("change", round(total + tax + 10, -1) - total - tax),
            ]
        for name, amount in lines[rng.choice([0, 0, 1]) :]:
            row(name, style(name), f"{sign}{amount:.2f}", bold if name == last else face, theme.ink)
    search = [canvas.runs[r].box for _, k, v in done for r in (k, v)]
    fields = {name for name, _ in head}
    for name, key, run in done:
        canvas.fact("field" if name in fields else "price", run, search, key, key=name)
    return y + size * 0.5
