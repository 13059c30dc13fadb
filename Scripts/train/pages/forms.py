"""Labels and their values: forms, invoice heads, settings, cards."""

import values
import words
from pages.canvas import Box, Canvas, jitter


def draw_rows(canvas: Canvas, rows: int) -> list[tuple[str, str, str]]:
    """Draws from the vocabulary: [(label, label as printed, value)] without repeated labels."""
    rng = canvas.rng
    kinds = rng.choices(list(words.TYPED_KEYS), k=rows)  # those of few labels as often as others
    if rng.random() < 0.5:
        picked = list(dict.fromkeys((rng.choice(words.TYPED_KEYS[kind]), kind) for kind in kinds))
    else:
        picked = rng.sample(words.KEYS, rows)
    style = rng.choices([words.title_case, str.capitalize, str.upper, str.lower], [5, 4, 1.5, 1])[0]
    typed = rng.random() < 0.75
    out = []
    for key, kind in picked:
        shown = key
        if kind == "code" and " " not in key and rng.random() < 0.5:
            key += " number"
        elif rng.random() < 0.4:
            shown = words.printed(rng, key)
        if rng.random() < 0.12:
            shown = key = (
                words.english(rng, rng.choice([1, 2]))
                if rng.random() < 0.6
                else words.pseudo_word(rng, rng.randint(4, 8))
            )
        out.append(
            (
                key,
                style(shown),
                values.of_kind(rng, kind) if typed or rng.random() < 0.3 else values.of_any_kind(rng),
            )
        )
    return out


def fields(canvas: Canvas, box: Box, rows: int = 0) -> float:
    """A block of labelled values in one of many arrangements; returns its bottom."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size = theme.text * rng.choice([0.9, 1, 1, 1, 1.15])
    bold_key, bold_value = rng.choice([(False, False), (True, False), (True, False), (False, True)])
    key_face = canvas.face(size, bold_key)
    value_face = canvas.face(
        size * rng.choice([1, 1, 1, 1.15]),
        bold_value,
        family=theme.mono if rng.random() < 0.1 else "",
    )
    key_fill = rng.choice([theme.ink, theme.ink, theme.muted, theme.muted, theme.accent])
    value_fill = rng.choice([theme.ink, theme.ink, theme.ink, theme.accent])
    mode = rng.choices(
        ["inline", "columns", "justified", "stacked", "boxed", "boxed-left", "grid"],
        [3, 3, 2.5, 2, 1.5, 1, 2.5],
    )[0]
    if mode in ("stacked", "boxed", "grid"):
        pitch = size * rng.uniform(2.9, 4.2) + (size if mode == "boxed" else 0)
    else:
        pitch = size * rng.uniform(1.35, 2.6) + (size * 0.6 if mode == "boxed-left" else 0)
    columns = 1
    if mode == "grid":
        columns = max(1, min(rng.randint(2, 4), int((x1 - x0) / (size * 11))))
    elif (x1 - x0) > size * 40 and rng.random() < 0.5:
        columns = 2
    per_column = max(1, int((y1 - y0 - size) / pitch))
    wanted = rows or rng.randint(2, 9)
    entries = draw_rows(canvas, min(wanted, per_column * columns))
    colon = (
        rng.choice([":", ":", "", "", " :"])
        if mode in ("inline", "columns", "boxed-left")
        else rng.choice(["", "", ":"])
    )
    width = (x1 - x0) / columns
    key_width = min(
        max(key_face.width(e[1] + colon) for e in entries) + size * rng.uniform(0.8, 2.5),
        width * 0.6,
    )
    zebra = mode in ("columns", "justified") and rng.random() < 0.25
    ruled = mode in ("columns", "justified", "stacked") and rng.random() < 0.35
    leaders = mode == "justified" and not ruled and rng.random() < 0.4
    dotted = rng.random() < 0.6
    done = []
    for i, (key, shown, text) in enumerate(entries):
        cx, y = x0 + width * (i % columns), y0 + pitch * (i // columns)
        right = cx + width - size * 0.8
        shown += colon
        room = {
            "inline": right - cx - key_face.width(shown) - size * 0.5,
            "columns": right - cx - key_width,
            "boxed-left": right - cx - key_width - size,
            "justified": right - cx - key_face.width(shown) - size,
        }.get(mode, right - cx - size)
        for _ in range(8):
            if value_face.width(text) <= room:
                break
            text = values.of_any_kind(rng)
        if (
            value_face.width(text) > room
            or key_face.width(shown) > right - cx
            or y + pitch > y1 + size
        ):
            continue
        if zebra and i % 2:
            canvas.panel(
                (
                    cx - size * 0.3,
                    y - (pitch - size * 1.2) / 2,
                    right + size * 0.3,
                    y + (pitch + size * 1.2) / 2,
                ),
                theme.surface,
            )
        key_run = canvas.text(cx, y, shown, key_face, key_fill, "key")
        end = canvas.runs[key_run].box[2]
        match mode:
            case "inline":
                at, vy = end + size * 0.4, y
            case "columns":
                at, vy = cx + key_width, y
            case "justified":
                at, vy = right - value_face.width(text), y
            case "boxed" | "boxed-left":
                left = cx if mode == "boxed" else cx + key_width
                top = y + size * 1.5 if mode == "boxed" else y - size * 0.35
                canvas.panel(
                    (left, top, right, top + size * 1.95),
                    theme.surface if rng.random() < 0.5 else theme.background,
                    theme.line,
                    theme.radius,
                )
                at, vy = left + size * 0.5, top + size * 0.35
            case _:
                at, vy = cx, y + size * 1.45
        value_run = canvas.text(at, vy, text, value_face, value_fill, "value")
        if ruled:
            canvas.line(cx, y + (pitch + size * 1.2) / 2, right, y + (pitch + size * 1.2) / 2)
        if leaders and canvas.runs[value_run].box[0] - end > size * 2:
            left = int(end + size * 0.4)
            room = int(canvas.runs[value_run].box[0] - size * 0.4)
            if dotted:
                for dot in range(left, room, max(3, int(size * 0.45))):
                    canvas.draw.point((dot, y + size), fill=theme.muted)
            else:
                canvas.line(left, y + size, room, y + size)
        canvas.runs[value_run].label = key_run
        done.append((key, key_run, value_run))
    search = [canvas.runs[r].box for _, k, v in done for r in (k, v)]
    for key, key_run, value_run in done:
        canvas.fact("field", value_run, search, key_run, key=key)
    return y0 + pitch * -(-len(entries) // columns) + size * 0.5


def settings(canvas: Canvas, box: Box) -> float:
    """Rows with a label at the left and a switch, a check box or a value at the right."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size, y = theme.text, y0
    pitch = size * rng.uniform(2.4, 3.6)
    face, done = canvas.face(size), []
    on_fill = jitter(rng, theme.accent, 8)
    check = rng.random() < 0.4
    entries = rng.sample(words.TYPED_KEYS["bool"] + words.TYPED_KEYS["word"][:60], 12)
    for key in entries[: rng.randint(2, 9)]:
        if y + pitch > y1:
            break
        on = rng.random() < 0.5
        cy = y + size * 0.6
        if check:
            s = size * 0.95
            square = (x0, cy - s / 2, x0 + s, cy + s / 2)
            canvas.panel(
                square, on_fill if on else theme.background, theme.muted, min(theme.radius, 3)
            )
            if on:
                canvas.line(
                    x0 + s * 0.2,
                    cy,
                    x0 + s * 0.42,
                    cy + s * 0.25,
                    x0 + s * 0.8,
                    cy - s * 0.28,
                    fill=(255, 255, 255),
                    width=max(1, round(s * 0.13)),
                )
            run = canvas.text(x0 + size * 1.6, y, str.capitalize(key), face, theme.ink, "key")
        else:
            s = size * 1.1
            square = (x1 - s * 1.9, cy - s / 2, x1, cy + s / 2)
            canvas.panel(square, on_fill if on else theme.line, None, s)
            knob = x1 - s / 2 if on else x1 - s * 1.4
            canvas.draw.ellipse(
                [knob - s * 0.38, cy - s * 0.38, knob + s * 0.38, cy + s * 0.38],
                fill=(255, 255, 255),
            )
            run = canvas.text(x0, y, str.capitalize(key), face, theme.ink, "key")
        done.append((key, run, square, on))
        y += pitch
    search = [b for _, r, s, _ in done for b in (canvas.runs[r].box, s)]
    for key, run, square, on in done:
        canvas.fact("switch", run, search, run, answer="yes" if on else "no", key=key)
        canvas.facts[-1].target, canvas.facts[-1].answer_run = square, -1
    return y


def stats(canvas: Canvas, box: Box) -> float:
    """Cards with a small label and a large number, as on dashboards and tickets."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    small = theme.text * rng.choice([0.85, 1, 1])
    large = theme.text * rng.choice([1.3, 1.6, 2, 2.4])
    key_face, value_face = (
        canvas.face(small, rng.random() < 0.2),
        canvas.face(large, rng.random() < 0.6),
    )
    columns = max(1, min(rng.randint(2, 5), int((x1 - x0) / (large * 7))))
    gap, pad = theme.text * rng.uniform(0.4, 1.2), theme.text * rng.uniform(0.5, 1.1)
    width, height = (x1 - x0 - gap * (columns - 1)) / columns, small * 1.5 + large * 1.5 + 2 * pad
    framed, below = rng.random() < 0.75, rng.random() < 0.25
    style = rng.choices([words.title_case, str.capitalize, str.upper], [3, 4, 2])[0]
    keys = [
        k
        for k in words.KEYS + [(s, "count") for s in words.SERIES]
        if k[1] in ("money", "count", "percent", "measure", "code", "time", "place", "name", "date")
    ]
    done, bottom = [], y0
    for i, (key, kind) in enumerate(rng.sample(keys, rng.randint(2, 8))):
        if rng.random() < 0.3:
            key = rng.choice([words.phrase(rng).lower(), words.english(rng, 2)])
        x, y = x0 + (width + gap) * (i % columns), y0 + (height + gap) * (i // columns)
        text = next(
            (
                t
                for t in (values.of_kind(rng, kind) for _ in range(8))
                if value_face.width(t) < width - 2 * pad
            ),
            None,
        )
        if y + height > y1 or text is None or key_face.width(style(key)) > width - 2 * pad:
            continue
        if framed:
            if rng.random() < 0.5 and theme.light:
                canvas.shadow((x, y, x + width, y + height), theme.text * 0.25)
            canvas.panel(
                (x, y, x + width, y + height),
                theme.surface if rng.random() < 0.5 else theme.background,
                theme.line,
                theme.radius,
            )
        first, second = y + pad, y + pad + (large if below else small) * 1.5
        key_run = canvas.text(
            x + pad, second if below else first, style(key), key_face, theme.muted, "key"
        )
        run = canvas.text(x + pad, first if below else second, text, value_face, theme.ink, "value")
        canvas.runs[run].label = key_run
        done.append((key, key_run, run))
        bottom = y + height
    search = [canvas.runs[r].box for _, k, v in done for r in (k, v)]
    for key, key_run, run in done:
        canvas.fact("field", run, search, key_run, key=key)
    return bottom + gap
