"""Headings and running text."""

import random

import values
import words
from pages.canvas import Box, Canvas, jitter


def sentence(rng: random.Random, low: int = 5, high: int = 14) -> str:
    """Words, names and numbers in a row, with the punctuation of prose."""
    out = []
    for _ in range(rng.randint(low, high)):
        kind = rng.random()
        word = (
            rng.choice(words.QUESTION_WORDS)
            if kind < 0.35
            else (
                rng.choice(words.GENERAL)
                if kind < 0.72
                else (
                    rng.choice(words.WORDS)
                    if kind < 0.86
                    else (
                        values.of_any_kind(rng)
                        if kind < 0.92
                        else (
                            words.title_case(words.pseudo_word(rng, rng.randint(3, 9)))
                            if kind < 0.97
                            else values.code(rng)
                        )
                    )
                )
            )
        )
        if rng.random() < 0.05:
            word = rng.choice(
                [
                    "({})",
                    '"{}"',
                    "'{}'",
                    "[{}]",
                    "{}/",
                    "{}!",
                    "{};",
                    "{}:",
                    "*{}",
                    "{}?",
                    "<{}>",
                    "{} =",
                    "{} -",
                    "{} &",
                    "{}_",
                    "{} +",
                    "~{}",
                    "{}…",
                    "{} –",
                    "{} •",
                    "“{}”",
                    "{}’s",
                ]
            ).format(word)
        out.append(word + ("," if rng.random() < 0.08 else ""))
    text = " ".join(out)
    return text[:1].upper() + text[1:] + rng.choice([".", ".", ".", "", "?", "!"])


def paragraph(canvas: Canvas, box: Box, lines: int = 0, face=None, fill=None) -> float:
    """Fills lines of a column; returns the bottom."""
    rng, theme = canvas.rng, canvas.theme
    size = theme.text * rng.choice([0.85, 1, 1, 1])
    face = face or canvas.face(size, rng.random() < 0.05, rng.random() < 0.06)
    pitch = face.size * rng.uniform(1.15, 1.75)
    fill = fill or rng.choice([theme.ink, theme.ink, theme.ink, theme.muted])
    y, left, room, pending = box[1], box[0], box[2] - box[0], []
    indent = room * 0.02 if rng.random() < 0.2 else 0
    limit = lines or rng.randint(1, 12)
    for _ in range(limit):
        if y + pitch > box[3]:
            break
        text = ""
        while True:
            if not pending:
                pending = sentence(rng).split(" ")
            grown = f"{text} {pending[0]}".strip()
            if face.width(grown) > room - indent:
                break
            text = grown
            pending.pop(0)
        if not text:
            break
        canvas.text(left + indent, y, text, face, fill, "body")
        y += pitch
        indent = 0
    return y + face.size * 0.5


def notice(canvas: Canvas, box: Box) -> float:
    """A short line in a colour that no other text of the page has: warnings, links, prices."""
    rng, theme = canvas.rng, canvas.theme
    free = [
        c
        for c in words.COLORS
        if c not in canvas.used_inks
        and c not in ("white", "black", "gray")
        and (c != "yellow" or not theme.light)
    ]
    face = canvas.face(theme.text * rng.choice([1, 1, 1.3]), rng.random() < 0.4)
    text = (
        words.phrase(rng)
        if rng.random() < 0.6
        else values.of_any_kind(rng) if rng.random() < 0.5 else sentence(rng, 2, 3)
    )
    if not free or face.width(text) > box[2] - box[0] or box[1] + face.size * 1.5 > box[3]:
        return box[1]
    color = rng.choice(free)
    canvas.used_inks.add(color)
    run = canvas.text(box[0], box[1], text, face, jitter(rng, words.COLORS[color], 10), "body")
    if rng.random() < 0.25:
        under = canvas.runs[run].box
        canvas.line(under[0], under[3], under[2], under[3], fill=words.COLORS[color])
    canvas.fact("ink", run, [canvas.runs[run].box], color=color)
    return box[1] + face.size * 1.8


def bullets(canvas: Canvas, box: Box) -> float:
    rng, theme = canvas.rng, canvas.theme
    size, y = theme.text, box[1]
    face, mark = canvas.face(size), rng.choice(["•", "-", "*", "1.", "–"])
    pitch = size * rng.uniform(1.4, 2)
    for i in range(rng.randint(2, 7)):
        if y + pitch > box[3]:
            break
        text = (
            (f"{i + 1}." if mark == "1." else mark)
            + " "
            + (words.phrase(rng) if rng.random() < 0.5 else sentence(rng, 2, 6))
        )
        while face.width(text) > box[2] - box[0] and " " in text:
            text = text.rsplit(" ", 1)[0]
        if face.width(text) < box[2] - box[0]:
            canvas.text(box[0], y, text, face, theme.ink, "body")
        y += pitch
    return y + size * 0.5


def heading(
    canvas: Canvas, box: Box, scale: float, main: bool = False, align: str = "left"
) -> float:
    """A heading; `main` makes it the page's title."""
    rng, theme = canvas.rng, canvas.theme
    size = theme.text * scale
    face = canvas.face(size, rng.random() < 0.7, family=theme.heading)
    kind = rng.random()
    company = main and rng.random() < 0.2
    text = (
        words.company(rng)
        if company
        else words.cased(rng, words.titled(rng))
        if kind < 0.4
        else (
            words.cased(rng, words.english(rng, rng.randint(1, 3)))
            if kind < 0.75
            else (
                words.cased(
                    rng,
                    f"{words.pseudo_word(rng, rng.randint(4, 8))}"
                    f" {rng.choice(words.GENERAL + words.GOODS)}",
                )
                if kind < 0.9
                else words.phrase(rng)
            )
        )
    )
    if face.width(text) > box[2] - box[0] or box[1] + size * 1.5 > box[3]:
        return box[1]
    x = {"left": box[0], "center": (box[0] + box[2] - face.width(text)) / 2}[align]
    run = canvas.text(
        x,
        box[1],
        text,
        face,
        rng.choice([theme.ink, theme.ink, theme.accent]),
        "title",
        tracking=rng.choice([0] * 9 + [size * 0.08]),
    )
    if company:
        thing = rng.choice(["company", "company", "shop", "business", "firm"])
        canvas.fact("company", run, [canvas.runs[run].box], thing=thing)
    elif main:
        canvas.fact("title", run, [canvas.runs[run].box], thing="page")
    return box[1] + size * rng.uniform(1.4, 2.1)
