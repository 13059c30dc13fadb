"""What charts of every kind have: a title, a value axis with ticks and grid, a legend."""

import words
from pages.canvas import COLOR_NAMES, Box, Canvas, jitter

CHART_COLORS = [c for c in COLOR_NAMES if c not in ("white", "black")]


def frame(canvas: Canvas, box: Box) -> Box:
    """Draws the chart's title; returns the room left."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    if rng.random() < 0.75:
        face = canvas.face(
            theme.text * rng.choice([1, 1.2, 1.4]), rng.random() < 0.5, family=theme.heading
        )
        text = words.cased(
            rng,
            rng.choice(
                [
                    words.titled(rng),
                    (
                        f"{rng.choice(words.SERIES)} by"
                        f" {rng.choice(['month', 'region', 'year', 'team', 'country', 'type'])}"
                    ),
                    words.phrase(rng),
                ]
            ),
        )
        if face.width(text) < x1 - x0:
            x = rng.choice([x0, (x0 + x1 - face.width(text)) / 2])
            run = canvas.text(x, y0, text, face, theme.ink, "title")
            canvas.fact("title", run, [canvas.runs[run].box], thing="chart")
        y0 += face.size * 1.8
    return x0, y0, x1, y1


def axis(
    canvas: Canvas, box: Box, top: float, suffix: str, face, vertical: bool, grid: bool
) -> Box:
    """Ticks and grid of the value axis; returns the plot area."""
    rng, theme = canvas.rng, canvas.theme
    ticks = rng.choice([3, 4, 5, 6])
    labels = [
        (
            f"{top * i / (ticks - 1):,.0f}{suffix}"
            if top >= 10
            else f"{top * i / (ticks - 1):.1f}{suffix}"
        )
        for i in range(ticks)
    ]
    margin = max(face.width(t) for t in labels) + face.size * 0.8
    plot = (box[0] + margin, box[1], box[2], box[3]) if vertical else box
    for i, text in enumerate(labels):
        at = i / (ticks - 1)
        if vertical:
            y = plot[3] - (plot[3] - plot[1]) * at
            canvas.text(
                plot[0] - face.width(text) - face.size * 0.4,
                y - face.size * 0.6,
                text,
                face,
                theme.muted,
                "axis",
            )
            canvas.line(plot[0] - 4, y, plot[2] if grid else plot[0], y)
        else:
            x = plot[0] + (plot[2] - plot[0]) * at
            canvas.text(
                x - face.width(text) / 2, plot[3] + face.size * 0.5, text, face, theme.muted, "axis"
            )
            canvas.line(x, plot[1] if grid else plot[3], x, plot[3] + 4)
    return plot


def legend(
    canvas: Canvas, box: Box, entries: list[tuple[str, str]], face, strokes: bool = False
) -> None:
    """Colour swatches (or strokes) with names, in a row or a column."""
    rng, theme = canvas.rng, canvas.theme
    style = rng.choices([words.title_case, str.lower, str.upper], [5, 1, 1])[0]
    x, y, column = box[0], box[1], rng.random() < 0.5
    s, done = face.size * 0.8, []
    for name, color in entries:
        if x + s * 1.6 + face.width(style(name)) > box[2]:
            break
        swatch = (x, y + face.size * 0.2, x + s, y + face.size * 0.2 + s)
        if strokes:
            middle = (swatch[1] + swatch[3]) / 2
            swatch = (x - s * 0.8, middle - 2, x + s, middle + 2)
            canvas.line(
                swatch[0],
                middle,
                swatch[2],
                middle,
                fill=jitter(rng, words.COLORS[color], 6),
                width=max(2, round(face.size * 0.14)),
            )
        else:
            canvas.panel(swatch, jitter(rng, words.COLORS[color], 6))
        run = canvas.text(x + s * 1.5, y, style(name), face, theme.ink, "legend")
        done.append((name, color, swatch, run))
        if column:
            y += face.size * 1.5
        else:
            x = canvas.runs[run].box[2] + face.size * 1.5
    ask_legend(canvas, done)


def ask_legend(canvas: Canvas, done: list[tuple[str, str, Box, int]]) -> None:
    """Facts of (name, colour, swatch, run of the name)."""
    search = [b for _, _, w, r in done for b in (w, canvas.runs[r].box)]
    for name, color, swatch, run in done:
        if sum(c == color for _, c, *_ in done) == 1:
            canvas.fact("legend-name", run, search, color=color)
            canvas.facts[-1].key_box = swatch
            canvas.fact("legend-color", run, search, run, answer=color, key=name)
            canvas.facts[-1].target, canvas.facts[-1].answer_run = swatch, -1
