"""Coloured shapes, with or without captions: diagrams, maps, icons, small objects."""

import values
import words
from pages.canvas import Box, Canvas, color_name, jitter


def objects(canvas: Canvas, box: Box, most: int = 12) -> float:
    """Scatters shapes over an area; questions come from all shapes of the page (questions.py)."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    low, high = rng.choice([(0.8, 1.6), (1.2, 3), (2, 5)])
    captions, placed = rng.random() < 0.5, []
    hidden = color_name(theme.background)
    colors = [
        c
        for c in words.COLORS
        if c != hidden
        and not (c == "white" and theme.light)
        and not (c == "black" and not theme.light)
    ]
    face = canvas.face(theme.text * rng.choice([0.8, 1]))
    for _ in range(rng.randint(2, most) * 3):
        shape, color, size = (
            rng.choice(words.SHAPES),
            rng.choice(colors),
            max(9, theme.text * rng.uniform(low, high)),
        )
        caption = ""
        if captions and rng.random() < 0.7:
            caption = rng.choice(
                [
                    words.phrase,
                    values.of_any_kind,
                    lambda r: words.title_case(words.pseudo_word(r, r.randint(3, 7))),
                    values.code,
                ]
            )(rng)
        w = max(size, face.width(caption))
        h = size + (face.size * 1.5 if caption else 0)
        if w > x1 - x0 or h > y1 - y0 or len(placed) >= most:
            continue
        x, y = rng.uniform(x0, x1 - w), rng.uniform(y0, y1 - h)
        gap = face.size * 0.5
        if any(
            x - gap < p[2] and p[0] < x + w + gap and y - gap < p[3] and p[1] < y + h + gap
            for p in placed
        ):
            continue
        placed.append((x, y, x + w, y + h))
        at = canvas.shape(
            shape,
            x + w / 2,
            y + size / 2,
            size,
            jitter(rng, words.COLORS[color], 12),
            color,
            theme.ink if rng.random() < 0.15 else None,
        )
        if caption:
            run = canvas.text(
                x + (w - face.width(caption)) / 2,
                y + size + face.size * 0.15,
                caption,
                face,
                theme.ink,
                "legend",
            )
            canvas.fact("caption", run, [at, canvas.runs[run].box], color=color, shape=shape)
            canvas.facts[-1].key_box = at
    return y1


def flow(canvas: Canvas, box: Box) -> float:
    """Boxes joined by arrows."""
    rng, theme = canvas.rng, canvas.theme
    face = canvas.face(theme.text)
    x, y, size, runs = box[0], box[1], theme.text, []
    down = box[3] - box[1] > box[2] - box[0]
    for i in range(rng.randint(2, 6)):
        text = words.cased(rng, rng.choice(words.BUTTONS + words.GENERAL[:4000] + words.SERIES))
        w, h = face.width(text) + size * 2, size * 2.4
        if x + w > box[2] or y + h > box[3]:
            break
        if runs:
            canvas.line(
                *(
                    (x + w / 2, y - size * 1.2, x + w / 2, y)
                    if down
                    else (x - size * 1.5, y + h / 2, x, y + h / 2)
                ),
                fill=theme.ink,
                width=2,
            )
        canvas.panel(
            (x, y, x + w, y + h),
            jitter(rng, theme.surface, 4),
            theme.ink,
            rng.choice([0, theme.radius, h / 2]),
        )
        runs.append(canvas.text_in((x, y, x + w, y + h), text, face, theme.ink, "sign"))
        if down:
            y += h + size * 1.2
        else:
            x += w + size * 1.5
    search = [canvas.runs[r].box for r in runs]
    for before, after in zip(runs, runs[1:]):
        canvas.fact(
            "after",
            after,
            search,
            before,
            key=canvas.runs[before].text,
            side="below" if down else "to the right of",
        )
    return y + (0 if down else size * 3.4)
