"""Parts of programs and web pages: buttons, menus, tabs, dialogs, badges, signs."""

import values
import words
from pages.canvas import COLOR_NAMES, Box, Canvas, contrast, jitter


def button_text(canvas: Canvas) -> str:
    rng = canvas.rng
    kind = rng.random()
    if kind < 0.7:
        return words.cased(rng, rng.choice(words.BUTTONS))
    if kind < 0.85:
        return words.cased(rng, words.english(rng, rng.choice([1, 1, 2])))
    return words.phrase(rng) if kind < 0.95 else values.of_any_kind(rng)


def colored_box(
    canvas: Canvas, x: float, y: float, text: str, size: float, kind: str, room: Box
) -> Box | None:
    """A box with text on it in a colour no other such box of the page has; None when it does not
    fit."""
    rng, theme = canvas.rng, canvas.theme
    face = canvas.face(size, rng.random() < 0.4)
    w, h = face.width(text) + size * rng.uniform(1, 3), size * rng.uniform(1.6, 2.6)
    box = (x, y, x + w, y + h)
    free = [
        c
        for c in COLOR_NAMES
        if c not in canvas.used_colors and c not in ("white", "black", "gray")
    ]
    if x + w > room[2] or y + h > room[3] or not free:
        return None
    name = rng.choice(free)
    fill = jitter(rng, words.COLORS[name], 14)
    canvas.used_colors.add(name)
    radius = rng.choice([theme.radius, theme.radius, 0, h / 2])
    outlined = rng.random() < 0.12 and theme.light
    if outlined:  # coloured frame and ink on the background
        canvas.panel(box, theme.background, fill, radius, max(1, round(size * 0.12)))
    else:
        canvas.panel(box, fill, theme.ink if rng.random() < 0.1 else None, radius)
    run = canvas.text_in(
        box,
        text,
        face,
        fill if outlined else contrast(rng, fill),
        "button" if kind == "button" else "sign",
    )
    canvas.fact("colored", run, [box], color=name, thing=kind)
    if not outlined:
        canvas.facts[-1].key_box = box
    return box


def buttons(canvas: Canvas, box: Box) -> float:
    """A row (or rows) of buttons: one or two coloured, the others plain."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size = theme.text * rng.choice([0.9, 1, 1, 1.2])
    x, y, height = x0, y0, size * 2.6
    fancy = rng.random() < 0.5
    gap = size * rng.uniform(0.5, 1.6)
    for _ in range(rng.randint(1, 6)):
        text = button_text(canvas)
        if rng.random() < (0.75 if fancy else 0.3):
            placed = colored_box(canvas, x, y, text, size, "button", (x0, y0, x1, y1))
        else:
            face = canvas.face(size)
            placed = (
                x,
                y,
                x + face.width(text) + size * rng.uniform(1.2, 2.4),
                y + size * rng.uniform(1.7, 2.3),
            )
            if placed[2] > x1 or placed[3] > y1:
                placed = None
            else:
                canvas.panel(
                    placed, rng.choice([theme.surface, theme.background]), theme.line, theme.radius
                )
                canvas.text_in(placed, text, face, theme.ink, "button")
        if placed is None:
            if x == x0:
                break
            x, y = x0, y + height
            continue
        x = placed[2] + gap
    return y + height + size * 0.6


def navigation(canvas: Canvas, box: Box, vertical: bool = False) -> float:
    """A bar of menu entries, one of them perhaps highlighted."""
    rng, theme = canvas.rng, canvas.theme
    x0, y0, x1, y1 = box
    size = theme.text * rng.choice([0.9, 1, 1])
    face = canvas.face(size)
    filled = rng.random() < 0.6
    fill = (
        rng.choice([theme.accent, theme.surface, theme.surface, jitter(rng, theme.ink, 8)])
        if filled
        else theme.background
    )
    ink = contrast(rng, fill) if filled else theme.ink
    entries = rng.sample(words.MENUS, rng.randint(3, 9))
    chosen = rng.randrange(len(entries)) if rng.random() < 0.6 else -1
    style = rng.choices([words.title_case, str.upper, str.capitalize], [4, 1, 3])[0]
    pitch = size * (rng.uniform(1.7, 2.8) if vertical else rng.uniform(2, 3.4))
    canvas.panel(box if vertical else (x0, y0, x1, y0 + pitch), fill)
    x, y, runs = x0 + size, y0 + (size if vertical else 0), []
    for i, entry in enumerate(entries):
        w = face.width(style(entry))
        if x + w > x1 - size * 0.5 or y + pitch > y1 + (0 if vertical else pitch):
            break
        row = (x - size * 0.5, y, x1 - size * 0.5 if vertical else x + w + size * 0.5, y + pitch)
        tint = ink
        if i == chosen:
            mark = jitter(rng, theme.accent, 6)
            if rng.random() < 0.5 and mark != fill:
                canvas.panel(row, mark, None, theme.radius)
                tint = contrast(rng, mark)
            else:
                canvas.line(
                    row[0],
                    row[3] - 1,
                    row[2],
                    row[3] - 1,
                    fill=mark,
                    width=max(2, round(size * 0.15)),
                )
        runs.append(
            canvas.text_in((x, y, x + w, y + pitch), style(entry), face, tint, "menu", "left")
        )
        if vertical:
            y += pitch
        else:
            x += w + size * rng.uniform(1.2, 2.4)
    search = [canvas.runs[r].box for r in runs]
    if 0 <= chosen < len(runs):
        canvas.fact("selected", runs[chosen], search, where="menu" if vertical else "bar")
    for i, run in enumerate(runs[1:], 1):
        if rng.random() < 0.3:
            canvas.fact(
                "after",
                run,
                search,
                runs[i - 1],
                key=canvas.runs[runs[i - 1]].text,
                side="below" if vertical else "to the right of",
            )
    return y + size if vertical else y0 + pitch + size * 0.5


def signs(canvas: Canvas, box: Box) -> float:
    """Coloured signs and labels scattered over an area."""
    rng, theme = canvas.rng, canvas.theme
    placed: list[Box] = []
    x0, y0, x1, y1 = box
    for _ in range(rng.randint(2, 7)):
        size = theme.text * rng.choice([1, 1, 1.3, 1.8, 2.4])
        x, y = rng.uniform(x0, x1), rng.uniform(y0, y1)
        text = (
            words.cased(rng, rng.choice(words.SIGNS))
            if rng.random() < 0.5
            else words.phrase(rng)
            if rng.random() < 0.6
            else values.of_any_kind(rng)
        )
        guess = (
            x - 6,
            y - 6,
            x + canvas.face(size, True).width(text) + size * 3 + 6,
            y + size * 2.6 + 6,
        )
        if any(
            guess[0] < p[2] and p[0] < guess[2] and guess[1] < p[3] and p[1] < guess[3]
            for p in placed
        ):
            continue
        done = colored_box(
            canvas, x, y, text, size, rng.choice(["sign", "box", "label", "banner"]), box
        )
        if done:
            placed.append(done)
    return y1


def window_bar(canvas: Canvas, box: Box, title: str) -> float:
    """The title bar of a window; returns its bottom."""
    rng, theme = canvas.rng, canvas.theme
    size = theme.text
    h = size * rng.uniform(1.8, 2.4)
    fill = rng.choice([theme.surface, theme.accent, jitter(rng, theme.line, 5)])
    canvas.panel((box[0], box[1], box[2], box[1] + h), fill)
    bar = (box[0], box[1], box[2], box[1] + h)
    run = canvas.text_in(
        bar,
        title,
        canvas.face(size, rng.random() < 0.4),
        contrast(rng, fill),
        "title",
        rng.choice(["left", "center"]),
        size * rng.choice([0.6, 4]),
    )
    r, y = size * 0.33, box[1] + h / 2
    for i, color in enumerate([(255, 95, 86), (255, 189, 46), (39, 201, 63)]):
        x = box[2] - size * (1 + 1.3 * i)
        if rng.random() < 0.5:
            canvas.draw.ellipse([x - r, y - r, x + r, y + r], fill=color)
        else:
            canvas.line(x - r, y - r, x + r, y + r, fill=contrast(rng, fill))
    canvas.fact("title", run, [canvas.runs[run].box], thing="window")
    return box[1] + h


def dialog(canvas: Canvas, box: Box) -> float:
    """A message box with a title, a sentence and buttons."""
    from pages.prose import sentence

    rng, theme = canvas.rng, canvas.theme
    size = theme.text
    w = min(box[2] - box[0], size * rng.uniform(20, 36))
    h = min(box[3] - box[1], size * rng.uniform(9, 14))
    x0, y0 = (
        box[0] + (box[2] - box[0] - w) * rng.random(),
        box[1] + (box[3] - box[1] - h) * rng.uniform(0, 0.5),
    )
    canvas.cover((x0, y0, x0 + w + 4, y0 + h + 5))
    canvas.panel((x0 + 4, y0 + 5, x0 + w + 4, y0 + h + 5), jitter(rng, theme.muted, 4))
    canvas.panel((x0, y0, x0 + w, y0 + h), theme.background, theme.line, theme.radius)
    y = (
        window_bar(
            canvas,
            (x0, y0, x0 + w, y0 + h),
            words.cased(rng, words.titled(rng) if rng.random() < 0.7 else rng.choice(words.BUTTONS)),
        )
        + size * 0.8
    )
    face = canvas.face(size)
    for line in range(rng.randint(1, 3)):
        text = sentence(rng, 4, 8)
        while face.width(text) > w - 2 * size and " " in text:
            text = text.rsplit(" ", 1)[0]
        canvas.text(x0 + size, y, text, face, theme.ink, "body")
        y += size * 1.5
    buttons(canvas, (x0 + size, y0 + h - size * 3, x0 + w - size * 0.5, y0 + h))
    return y0 + h + size
