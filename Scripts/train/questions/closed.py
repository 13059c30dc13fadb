"""Questions with answers of a small set about any page, and those that it does not answer."""

import dataclasses

from pages.colors import NAMES
from pages.drawings import SHAPES
from questions.context import SEEN, Context, plain
from questions.items import sides
from questions.question import SYNONYMS, Question, asked_as, phrased

UNANSWERABLE = "unanswerable"


def texts(about: Context) -> list[dict]:
    """Short texts that stand once on the page, as things that have a place."""
    out = []
    for run in about.page.runs:
        sentence = run and (run.text.count(" ") > 3 or run.text[-1] in "?.,;" or not run.text[0].isalnum())
        if run and run.whole and not run.skip and not sentence and 2 < len(run.text) <= 24 and any(c.isalpha() for c in run.text):
            if about.count[plain(run.text)] == 1:
                name = run.text.rstrip(" :")
                out.append({"name": name, "b": run.box, "role": run.role})
    return out


def presence(about: Context, things: list[dict]) -> list[Question]:
    out, rng = [], about.rng
    for kind, roles in (("has-button", ("button",)), ("has-row", ("cell",)), ("has-entry", ("key", "menu", "header", "title", "body", "axis"))):
        there = [f for f in things if f["role"] in roles]
        boxes = [f["b"] for f in there]
        if not there:
            continue
        f = rng.choice(there)
        out.append(Question("exist", phrased(rng, kind, name=f["name"]), "yes", [f["b"]], boxes, None, about.point(f), True))
        other = SEEN.pick(rng, kind)
        if other and not set(plain(other).split()) & about.words:
            out.append(Question("exist", phrased(rng, kind, name=other), "no", boxes, boxes, None, None, True))
        SEEN.add(kind, f["name"])
    return out


def absence(about: Context) -> list[Question]:
    """A question that is as likely as others, and not answered here."""
    rng, everything = about.rng, about.everything
    key = SEEN.pick(rng, rng.choice(["field", "column"]))
    if rng.random() > 0.35 or not key or not everything:
        return []
    names = [key] + SYNONYMS.get(key, [])
    if any(set(plain(n).split()) & about.words for n in names):
        return []
    text = phrased(rng, "field", key=asked_as(rng, key))
    return [Question("unanswerable", text, UNANSWERABLE, everything, everything, None, None, True)]


def choices(about: Context, asked: list[Question]) -> list[Question]:
    """Some of the questions again, with four answers to choose from."""
    out, rng = [], about.rng
    pool = [q for q in asked if q.family in ("attr", "read", "kv", "table", "bar") and len(q.answer) <= 16]
    for q in rng.sample(pool, min(2, len(pool))):
        if q.answer in NAMES:
            others = list(NAMES)
        elif q.answer in SHAPES:
            others = list(SHAPES)
        else:  # of the same kind: numbers beside numbers, words beside words
            digits = lambda text: sum(c.isdigit() for c in text) / len(text) > 0.4
            others = [p.answer for p in pool if p.family == q.family and digits(p.answer) == digits(q.answer)]
        wrong = [o for o in dict.fromkeys(others) if o.lower() != q.answer.lower()]
        if len(wrong) < 3:
            continue
        near = sorted(wrong, key=lambda o: abs(len(o) - len(q.answer)))[:6]
        shown = rng.sample(near, 3) + [q.answer]
        rng.shuffle(shown)
        listed = " " + ", ".join(f"{letter}. {text}" for letter, text in zip("ABCD", shown))
        out.append(dataclasses.replace(
            q, family="choice", text=q.text.rstrip("?.") + "?" + listed, answer="ABCD"[shown.index(q.answer)],
            spots=None, closed=True))
    return out


def questions(about: Context) -> list[Question]:
    things = texts(about)
    menus = [("", dict(f, ok=1)) for f in things if f["role"] in ("key", "menu", "header", "title", "button")]
    return presence(about, things) + absence(about) + sides(about, menus)
