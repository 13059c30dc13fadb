"""Questions and answers about a generated page, in the words people use."""

import dataclasses
import random

import words
from asking import BY_TYPE, TEMPLATES, Question, center, named, voice
from pages.canvas import COLOR_NAMES, Box, Fact
from pages.compose import Page
from shape_questions import of_shapes

UNANSWERABLE = "unanswerable"
FAMILY = {
    "field": "kv",
    "cell": "table",
    "price": "kv",
    "bar": "bar",
    "tallest": "bar",
    "shortest": "bar",
    "colored": "read",
    "ink": "read",
    "caption": "label",
    "title": "title",
    "company": "title",
    "selected": "read",
    "after": "rel",
    "legend-name": "label",
    "legend-color": "attr",
    "switch": "exist",
    "rows": "count",
}
TOTALS = {
    "total",
    "grand total",
    "amount due",
    "total due",
    "subtotal",
    "tax",
    "vat",
    "sales tax",
    "cash",
    "change",
}
TYPE_OF = dict(words.KEYS)
SOLD = words.FOODS + words.GOODS


def _plain(text: str) -> str:
    """A label as it is compared: in small letters, without its colon."""
    return text.lower().rstrip(" :")


def _seen(page: Page) -> dict[str, int]:
    """How often a text stands on the page."""
    out: dict[str, int] = {}
    for run in page.runs:
        text = _plain(run.text)
        out[text] = out.get(text, 0) + 1
    return out


def _mark(f: Fact) -> tuple:
    return f.kind, tuple(sorted(f.names.items()))


def _clear(page: Page, f: Fact, marks: list[tuple], seen: dict[str, int]) -> bool:
    """Whether a question about this fact has one answer on this page."""
    if marks.count(_mark(f)) > 1 or (f.answer_run >= 0 and not page.runs[f.answer_run].text):
        return False
    color = COLOR_NAMES.index(f.names["color"]) + 1 if "color" in f.names else 0
    match f.kind:
        case "colored":  # no other area of that colour
            others = [b for b, c in page.panels if c == color and not _near(b, f.target)]
            return not others
        case "ink":
            return sum(r.color == color and bool(r.text) for r in page.runs) == 1
        case "selected":
            return sum(kind == "selected" for kind, _ in marks) == 1
        case "cell":
            tables = sum(kind == "rows" for kind, _ in marks)
            names = ("row",) if tables < 2 else ("row", "column")
        case "company":  # nothing labelled so beside the heading
            return f.names["thing"] not in seen
        case _:
            names = ("key",)
    labels = [f.names[n].lower() for n in names if n in f.names]
    if f.key_run >= 0:  # which may be printed shorter
        labels.append(_plain(page.runs[f.key_run].text))
    return all(seen.get(label, 0) <= 1 for label in labels)


def _near(panel: Box, text: Box) -> bool:
    """Whether the panel is the box around the text."""
    x, y = center(text)
    return panel[0] <= x <= panel[2] and panel[1] <= y <= panel[3]


def _phrasings(page: Page, f: Fact, rng: random.Random) -> list[str]:
    kind = f.kind
    if kind == "field":
        typed = BY_TYPE.get(TYPE_OF.get(f.names["key"], ""))
        return typed if typed and rng.random() < 0.4 else TEMPLATES["field"]
    if kind == "price":
        return TEMPLATES["total" if f.names["key"] in TOTALS else "price"]
    if kind == "colored":
        return TEMPLATES["button" if f.names["thing"] == "button" else "sign"]
    if kind == "title" and sum(r.role == "title" and bool(r.text) for r in page.runs) > 1:
        return [t for t in TEMPLATES["title"] if "{thing}" in t]
    return TEMPLATES[kind]


def _key_point(page: Page, f: Fact) -> tuple[float, float] | None:
    """Where the last word of the key begins, or the middle of what points at the answer."""
    if f.key_run < 0:
        return center(f.key_box) if f.key_box else None
    run = page.runs[f.key_run]
    text = run.text.rstrip(" :")
    return run.centers[max(0, min(len(text) - 1, text.rfind(" ") + 1))], run.y


def of_facts(page: Page, rng: random.Random) -> list[Question]:
    seen, marks, out = _seen(page), [_mark(f) for f in page.facts], []
    for f in page.facts:
        if not _clear(page, f, marks, seen):
            continue
        text = named(rng, rng.choice(_phrasings(page, f, rng)), f.names)
        closed = f.kind in ("legend-color", "switch", "rows")
        target = [f.target] + ([f.key_box] if f.key_box else [])
        run, key = -1 if closed else f.answer_run, _key_point(page, f)
        out.append(Question(FAMILY[f.kind], text, f.answer, target, f.search, run, key, closed))
    return out


def _present(page: Page) -> set[str]:
    """All words of the page."""
    return {w for r in page.runs for w in _plain(r.text).split()}


def of_presence(page: Page, rng: random.Random) -> list[Question]:
    """Is there such a button or entry?"""
    present, out = _present(page), []
    of_role = lambda *roles: [r for r in page.runs if r.role in roles and r.text]
    kinds = (
        ("has-button", of_role("button"), words.BUTTONS),
        ("has-entry", of_role("key", "menu", "header", "legend"), [key for key, _ in words.KEYS]),
    )
    for kind, there, others in kinds:
        search = [r.box for r in there]
        for _ in range(2 if there else 0):
            run = rng.choice(there) if rng.random() < 0.5 else None
            name = run.text.rstrip(" :") if run else rng.choice(others)
            if not run and set(name.split()) & present:
                continue
            if not run and kind == "has-button":
                name = words.title_case(name)
            text = voice(rng, rng.choice(TEMPLATES[kind]).format(name=name))
            target, key = ([run.box], center(run.box)) if run else (search, None)
            answer = "yes" if run else "no"
            out.append(Question("exist", text, answer, target, search, -1, key, True))
    return out


def of_absence(page: Page, rng: random.Random) -> list[Question]:
    """Questions that the page does not answer."""
    present, everything, out = _present(page), [r.box for r in page.runs if r.text], []
    for _ in range(2 if everything else 0):
        kind = rng.choice(["field", "field", "price", "button"])
        if kind == "button":
            color = rng.choice(COLOR_NAMES)
            there = [f.names.get("color") for f in page.facts]
            if color in there + [COLOR_NAMES[c - 1] for _, c in page.panels]:
                continue
            text = rng.choice(TEMPLATES["button"]).format(color=color)
        else:
            key, of = rng.choice(words.KEYS) if kind == "field" else (rng.choice(SOLD), "")
            if set(key.split()) & present:
                continue
            typed = BY_TYPE.get(of) if rng.random() < 0.4 else None
            text = named(rng, rng.choice(typed or TEMPLATES[kind]), {"key": key})
        out.append(
            Question("unanswerable", text, UNANSWERABLE, everything, everything, -1, None, True)
        )
    return out


def options(rng: random.Random, answer: str, others: list[str]) -> tuple[str, str]:
    """ " A. x, B. y, C. z, D. w" with the answer among them, and its letter."""
    wrong = [o for o in dict.fromkeys(others) if o.lower() != answer.lower()]
    if len(wrong) < 3:
        return "", ""
    shown = rng.sample(wrong, 3) + [answer]
    rng.shuffle(shown)
    return " " + ", ".join(f"{letter}. {text}" for letter, text in zip("ABCD", shown)), "ABCD"[
        shown.index(answer)
    ]


def of_choices(asked: list[Question], rng: random.Random) -> list[Question]:
    """Some of the questions again, with four answers to choose from."""
    out = []
    pool = [
        q
        for q in asked
        if q.family in ("attr", "label", "read", "kv", "table", "bar") and len(q.answer) <= 14
    ]
    for q in rng.sample(pool, min(2, len(pool))):
        if q.answer in words.COLORS or q.answer in words.SHAPES:
            others = list(words.COLORS if q.answer in words.COLORS else words.SHAPES)
        else:
            others = [p.answer for p in pool if p.family == q.family] + [
                words.phrase(rng) for _ in range(3)
            ]
        listed, letter = options(rng, q.answer, others)
        if letter:
            out.append(
                dataclasses.replace(
                    q,
                    family="choice",
                    text=q.text.rstrip("?.") + "?" + listed,
                    answer=letter,
                    answer_run=-1,
                    closed=True,
                )
            )
    return out


def questions(page: Page, rng: random.Random) -> list[Question]:
    side, longest = page.pixels.shape[0], max(page.width, page.height)
    dx, dy = (side * (1 - extent / longest) / 2 for extent in (page.width, page.height))
    asked = of_facts(page, rng) + of_shapes(page, rng, (dx, dy, side - dx, side - dy))
    asked += of_presence(page, rng) + of_absence(page, rng)
    return asked + of_choices(asked, rng)
