"""Bar, line and pie charts, with and without printed values."""

import math

import words
from pages.canvas import Box, Canvas, contrast, jitter
from pages.chart_parts import CHART_COLORS, ask_legend, axis, frame, legend


def _number(canvas: Canvas, share: float, top: float, suffix: str, decimals: int) -> str:
    return f"{share * top:,.{decimals}f}{suffix}"


def bar_chart(canvas: Canvas, box: Box) -> float:
    rng, theme = canvas.rng, canvas.theme
    box = frame(canvas, box)
    size = theme.text * rng.choice([0.8, 0.9, 1])
    face = canvas.face(size)
    vertical = rng.random() < 0.65
    width, height = box[2] - box[0], box[3] - box[1]
    if width < size * 12 or height < size * 8:
        return box[1]
    pool = rng.choice(
        [
            words.PERIODS[:12],
            words.PERIODS,
            words.SERIES,
            words.PLACES,
            words.SERIES,
            words.FOODS,
            words.GOODS,
        ]
    )
    style = rng.choices([words.title_case, str.upper, str.lower], [5, 1, 1])[0]
    slot = size * rng.uniform(3, 6) if vertical else size * rng.uniform(1.6, 3)
    count = max(2, min(rng.randint(2, 12), int((width if vertical else height - size) / slot)))
    if pool == words.PERIODS[:12]:
        names = pool[:count]
    else:
        names = rng.sample(pool, min(count, len(pool)))
    top = rng.choice([1, 5, 10, 50, 100, 100, 100, 200, 500, 1000, 5000])
    decimals = rng.choice([0, 1]) if top >= 10 else rng.choice([1, 2])
    suffix = rng.choice(["", "", "%", "k", "M", "°"]) if top <= 1000 else ""
    palette = (
        [rng.choice(CHART_COLORS)] * len(names)
        if rng.random() < 0.55
        else [rng.choice(CHART_COLORS) for _ in names]
    )
    fills = [jitter(rng, words.COLORS[c], 10) for c in palette]
    printed, inside = rng.random() < 0.8, rng.random() < 0.15
    gap = rng.choice([0.1, 0.4])
    done = []
    if vertical:
        plot = (box[0], box[1] + size * 1.6, box[2], box[3] - size * 1.8)
        if rng.random() < 0.6:
            plot = axis(canvas, plot, top, suffix, face, True, rng.random() < 0.6)
        pitch = (plot[2] - plot[0]) / len(names)
        thick = rng.uniform(0.35, 0.85)
    else:
        margin = max(face.width(style(n)) for n in names) + size
        plot = (box[0] + min(margin, width * 0.4), box[1], box[2] - size * 4, box[3])
        if rng.random() < 0.5:
            plot = (*plot[:3], box[3] - size * 1.8)
            axis(canvas, plot, top, suffix, face, False, rng.random() < 0.4)
        pitch = (plot[3] - plot[1]) / len(names)
        thick = rng.uniform(0.4, 0.8)
    for i, name in enumerate(names):
        share = rng.uniform(0.06, 0.98)
        text = _number(canvas, share, top, suffix, decimals)
        shown = style(name)
        if vertical:
            left = plot[0] + pitch * (i + 0.5 - thick / 2)
            bar = (left, plot[3] - (plot[3] - plot[1]) * share, left + pitch * thick, plot[3])
            if face.width(shown) > pitch - 2:
                continue
            canvas.panel(bar, fills[i])
            label = canvas.text(
                left + pitch * thick / 2 - face.width(shown) / 2,
                plot[3] + size * 0.3,
                shown,
                face,
                theme.ink,
                "axis",
            )
            vx, vy = left + pitch * thick / 2 - face.width(text) / 2, bar[1] - size * (0.95 + gap)
        else:
            y = plot[1] + pitch * (i + 0.5 - thick / 2)
            bar = (plot[0], y, plot[0] + (plot[2] - plot[0]) * share, y + pitch * thick)
            if face.width(shown) > plot[0] - box[0]:
                continue
            canvas.panel(bar, fills[i])
            cy = y + pitch * thick / 2 - size * 0.6
            label = canvas.text(
                plot[0] - size * 0.5 - face.width(shown), cy, shown, face, theme.ink, "axis"
            )
            vx, vy = bar[2] + size * gap, cy
        value = -1
        if printed and (not vertical or face.width(text) < pitch):
            if inside and not vertical and bar[2] - bar[0] > face.width(text) + size:
                value = canvas.text(
                    bar[2] - face.width(text) - size * 0.4,
                    vy,
                    text,
                    face,
                    contrast(rng, fills[i]),
                    "axis",
                )
            else:
                value = canvas.text(vx, vy, text, face, theme.ink, "axis")
            canvas.runs[value].label = label
        done.append((name, label, value, share, bar, palette[i]))
    if rng.random() < 0.35:
        canvas.draw.rectangle([round(v) for v in plot], outline=theme.ink)
    else:
        canvas.line(
            plot[0],
            plot[3],
            plot[2] if vertical else plot[0],
            plot[3] if vertical else plot[1],
            fill=theme.ink,
        )
    search = [canvas.runs[r].box for _, l, v, *_ in done for r in (l, v) if r >= 0]
    for name, label, value, *_ in done:
        if value >= 0:
            canvas.fact("bar", value, search, label, key=name)
    if len(done) > 2:
        for kind, entry in (
            ("tallest", max(done, key=lambda d: d[3])),
            ("shortest", min(done, key=lambda d: d[3])),
        ):
            canvas.fact(kind, entry[1], search + [d[4] for d in done])
            canvas.facts[-1].key_box = entry[4]
    return box[3]


def line_chart(canvas: Canvas, box: Box) -> float:
    """Lines (or points) of two or more series with a legend."""
    rng, theme = canvas.rng, canvas.theme
    box = frame(canvas, box)
    size = theme.text * rng.choice([0.8, 0.9, 1])
    face = canvas.face(size)
    if box[2] - box[0] < size * 14 or box[3] - box[1] < size * 10:
        return box[1]
    top = rng.choice([1, 10, 50, 100, 500, 1000, 5000])
    plot = axis(
        canvas,
        (box[0], box[1] + size, box[2], box[3] - size * 2),
        top,
        rng.choice(["", "", "%"]),
        face,
        True,
        rng.random() < 0.6,
    )
    points = rng.randint(4, 12)
    names = rng.sample(words.SERIES, rng.randint(1, 4))
    colors = rng.sample(CHART_COLORS, len(names))
    step = (plot[2] - plot[0]) / max(1, points - 1)
    ticks = words.PERIODS[:12] if rng.random() < 0.5 else [str(2010 + i) for i in range(16)]
    for i in range(points):
        text = words.title_case(ticks[i])
        if face.width(text) < step * 0.95:
            canvas.text(
                plot[0] + step * i - face.width(text) / 2,
                plot[3] + size * 0.4,
                text,
                face,
                theme.muted,
                "axis",
            )
    dashed = rng.random() < 0.15
    for name, color in zip(names, colors):
        fill, level, track = jitter(rng, words.COLORS[color], 8), rng.random(), []
        for i in range(points):
            level = min(1.0, max(0.0, level + rng.uniform(-0.25, 0.25)))
            track.append((plot[0] + step * i, plot[3] - (plot[3] - plot[1]) * level))
        if dashed:
            for a, b in zip(track, track[1:]):
                canvas.line(
                    a[0],
                    a[1],
                    (a[0] * 0.4 + b[0] * 0.6),
                    (a[1] * 0.4 + b[1] * 0.6),
                    fill=fill,
                    width=2,
                )
        else:
            canvas.line(*[v for p in track for v in p], fill=fill, width=rng.choice([1, 2, 3]))
        if rng.random() < 0.5:
            r = max(2, size * 0.22)
            for x, y in track:
                canvas.draw.ellipse([x - r, y - r, x + r, y + r], fill=fill)
    if rng.random() < 0.4:
        canvas.draw.rectangle([round(v) for v in plot], outline=theme.ink)
    else:
        canvas.line(plot[0], plot[1], plot[0], plot[3], plot[2], plot[3], fill=theme.ink)
    corner = rng.choice(
        [
            (plot[0] + size, box[1] - size * 0.2),
            (plot[0] + size, plot[1] + size * 0.6),
            (plot[2] - size * 9, plot[1] + size * 0.6),
        ]
    )
    legend(canvas, (*corner, plot[2], plot[3]), list(zip(names, colors)), face, rng.random() < 0.6)
    return box[3]


def pie_chart(canvas: Canvas, box: Box) -> float:
    rng, theme = canvas.rng, canvas.theme
    box = frame(canvas, box)
    size = theme.text * rng.choice([0.8, 0.9, 1])
    face = canvas.face(size)
    side = min((box[2] - box[0]) * 0.6, box[3] - box[1] - size)
    if side < size * 7:
        return box[1]
    names = rng.sample(rng.choice([words.SERIES, words.PLACES, words.FOODS]), rng.randint(2, 6))
    shares = [rng.uniform(0.3, 1) for _ in names]
    shares = [s / sum(shares) for s in shares]
    colors = rng.sample(CHART_COLORS, len(names))
    cx, cy, r, start = (
        box[0] + side / 2 + size,
        box[1] + side / 2,
        side / 2 - size * 0.5,
        rng.uniform(0, 360),
    )
    outside, done = rng.random() < 0.4, []
    if outside:
        cx, r = cx + size * 4, r - size * 2.2
    for color, share in zip(colors, shares):
        fill = jitter(rng, words.COLORS[color], 6)
        canvas.draw.pieslice(
            [cx - r, cy - r, cx + r, cy + r],
            start,
            start + 360 * share,
            fill=fill,
            outline=theme.background,
        )
        a = math.radians(start + 180 * share)
        text = f"{share * 100:.0f}%"
        if outside:
            name = words.title_case(names[colors.index(color)])
            w = face.width(name)
            run = canvas.text(
                cx + r * 1.1 * math.cos(a) - (w if math.cos(a) < 0 else 0),
                cy + r * 1.12 * math.sin(a) - size * 0.6,
                name,
                face,
                theme.ink,
                "legend",
            )
            done.append(
                (
                    name.lower(),
                    color,
                    (
                        cx + r * 0.5 * math.cos(a) - 4,
                        cy + r * 0.5 * math.sin(a) - 4,
                        cx + r * 0.5 * math.cos(a) + 4,
                        cy + r * 0.5 * math.sin(a) + 4,
                    ),
                    run,
                )
            )
        canvas.text(
            cx + r * 0.65 * math.cos(a) - face.width(text) / 2,
            cy + r * 0.65 * math.sin(a) - size * 0.6,
            text,
            face,
            contrast(rng, fill),
            "axis",
        )
        start += 360 * share
    if rng.random() < 0.35:
        hole = r * 0.35
        canvas.draw.ellipse([cx - hole, cy - hole, cx + hole, cy + hole], fill=theme.background)
    if outside:
        ask_legend(canvas, done)
    else:
        legend(
            canvas,
            (cx + r + size, cy - size * 0.8 * len(names), box[2], box[3]),
            list(zip(names, colors)),
            face,
        )
    return box[1] + side
