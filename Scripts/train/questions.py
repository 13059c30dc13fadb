"""Questions and answers about a generated page, in the words people use."""
import dataclasses
import random

import words
from pages.canvas import COLOR_NAMES, SHAPE_ID, Box, Fact
from pages.compose import Page

UNANSWERABLE = "unanswerable"
SHAPE_NAMES = {i: n for n, i in SHAPE_ID.items()}

@dataclasses.dataclass
class Question:
    family: str
    text: str
    answer: str
    target: list[Box]           # the answer and what points at it
    search: list[Box]           # everything that has to be looked through
    answer_run: int = -1        # the run that is copied, if any
    key: tuple[float, float] | None = None      # a point on what points at the answer
    closed: bool = False        # the answer is a word of a small set rather than a copy

FIELD = ["What is the {key}?"] * 6 + ["what is the {key}?", "What's the {key}?", "{Key}?", "{key}", "What is written next to {key}?", "What does the {key} field say?", "Give the {key}.", "Tell me the {key}.",
         "What is the value of {key}?", "Which {key} is shown?", "What is the {key} on this page?", "Read the {key}.", "What does it say for {key}?", "Can you tell me the {key}?", "What {key} is given?", "Find the {key}."]
BY_TYPE = {"money": ["How much is the {key}?"] * 3 + ["What amount is the {key}?", "How much is {key}?"], "name": ["Who is the {key}?"] * 2 + ["What is the name of the {key}?"],
           "date": ["When is the {key}?", "What date is the {key}?", "On what date is the {key}?"], "time": ["What time is the {key}?", "At what time is the {key}?", "When is the {key}?"],
           "count": ["How many {key}?", "How many {key} are there?"], "place": ["Where is the {key}?", "Which {key} is it?"], "percent": ["What percentage is the {key}?"],
           "email": ["What is the {key} of the contact?"], "phone": ["What {key} can I call?"], "word": ["Which {key} is it?", "What {key} is listed?"], "code": ["What {key} is printed?", "What is the {key} here?"]}
TEMPLATES = {
    "cell": ["What is the {column} of {row}?"] * 3 + ["What is the {column} of the {row}?"] * 2 + ["What is the {column} for {row}?"] * 2 + ["What {column} does {row} have?", "{row} {column}?", "Which {column} is listed for {row}?",
             "In the table, what is the {column} of {row}?", "What's {row}'s {column}?", "Find the {column} of {row}.", "For {row}, what is the {column}?", "What is in the {column} column of {row}?"],
    "price": ["How much is the {key}?"] * 3 + ["How much does the {key} cost?"] * 2 + ["What is the price of the {key}?", "What is the price of {key}?", "How much is {key}?", "What does the {key} cost?", "{Key} price?",
              "How much do I pay for the {key}?", "What's the cost of {key}?"],
    "total": ["What is the {key}?"] * 3 + ["How much is the {key}?"] * 2 + ["What {key} is printed on the receipt?", "What's the {key}?", "{Key}?"],
    "bar": ["What is the value of {key}?"] * 2 + ["What is the value for {key}?"] * 2 + ["How much is {key}?", "What is the value of the {key} bar?", "What number is shown for {key}?", "What does {key} stand at?", "{Key} value?",
            "What is {key} in the chart?", "Which value does {key} have?", "How high is the bar for {key}?"],
    "tallest": ["Which bar is the highest?", "Which is the largest?", "Which category has the highest value?", "What has the largest value in the chart?", "Which bar is the longest?", "Which is the tallest bar?"],
    "shortest": ["Which bar is the lowest?", "Which is the smallest?", "Which category has the lowest value?", "What has the smallest value in the chart?", "Which bar is the shortest?"],
    "button": ["What does the {color} button say?"] * 3 + ["What is written on the {color} button?", "Which text is on the {color} button?", "What is the {color} button labelled?", "What is on the {color} button?", "Read the {color} button."],
    "sign": ["What does the {color} {thing} say?"] * 3 + ["What is written in the {color} box?", "What is written on the {color} {thing}?", "What text is in the {color} {thing}?", "Read the {color} {thing}.", "What does it say in the {color} box?",
             "What is in the {color} box?", "What is the text in the {color} area?"],
    "ink": ["What does the {color} text say?"] * 3 + ["What is written in {color}?", "Which text is {color}?", "Read the {color} text.", "What is the text in {color}?"],
    "caption": ["What is written under the {color} {shape}?"] * 2 + ["What is the label of the {color} {shape}?"] * 2 + ["What does the label below the {color} {shape} say?", "What text is below the {color} {shape}?", "How is the {color} {shape} labelled?",
                "What is the {color} {shape} called?", "What is the name of the {color} {shape}?"],
    "title": ["What is the title of the {thing}?"] * 3 + ["What is the title?", "What is the heading of the {thing}?", "What is the {thing} called?", "What is the {thing} about?", "What is the name of the {thing}?", "What does the title say?", "Read the heading."],
    "selected": ["Which menu item is selected?", "Which tab is active?", "What is highlighted in the menu?", "Which entry is selected?", "Which item of the menu is active?"],
    "after": ["What is {side} {key}?", "What comes after {key}?", "Which item is {side} {key}?", "What is right {side} {key}?", "What follows {key}?"],
    "legend-name": ["What does {color} stand for?", "What does the {color} color represent?", "Which series is {color}?", "What is shown in {color}?", "What is the {color} line?", "Which entry is {color} in the legend?"],
    "legend-color": ["What color is {key}?", "Which color is used for {key}?", "What is the color of {key} in the legend?", "What colour is {key}?"],
    "switch": ["Is {key} on?", "Is {key} enabled?", "Is {key} turned on?", "Is {key} checked?", "Is {key} active?", "Is the {key} option on?"],
    "rows": ["How many rows does the table have?", "How many rows are in the table?", "How many entries are in the table?"],
}
FAMILY = {"field": "kv", "cell": "table", "price": "kv", "bar": "bar", "tallest": "bar", "shortest": "bar", "colored": "read", "ink": "read", "caption": "label", "title": "title", "selected": "read", "after": "rel",
          "legend-name": "label", "legend-color": "attr", "switch": "exist", "rows": "count"}
TOTALS = {"total", "grand total", "amount due", "total due", "subtotal", "tax", "vat", "sales tax", "cash", "change"}
TYPE_OF = dict(words.KEYS)

def voice(rng: random.Random, text: str) -> str:
    """Some people do not use capitals or question marks."""
    kind = rng.random()
    if kind < .15:
        text = text[:1].lower() + text[1:]
    if kind > .93:
        text = text.rstrip("?.")
    return text

def named(rng: random.Random, template: str, names: dict[str, str]) -> str:
    names = {k: words.title_case(v) if k in ("key", "row", "column") and rng.random() < .2 else v for k, v in names.items()}
    return voice(rng, template.format(**names, Key=(names.get("key") or "?")[:1].upper() + (names.get("key") or "?")[1:]))

def _seen(page: Page) -> dict[str, int]:
    """How often a text (without its colon) stands on the page."""
    out: dict[str, int] = {}
    for run in page.runs:
        text = run.text.lower().rstrip(" :")
        out[text] = out.get(text, 0) + 1
    return out

def of_facts(page: Page, rng: random.Random) -> list[Question]:
    seen, kinds, out = _seen(page), {}, []
    for f in page.facts:
        mark = (f.kind, tuple(sorted(f.names.items())))
        kinds[mark] = kinds.get(mark, 0) + 1
    tables = sum(k[0] == "rows" for k in kinds.items())
    for f in page.facts:
        kind = f.kind
        if kinds[kind, tuple(sorted(f.names.items()))] > 1 or (f.answer_run >= 0 and not page.runs[f.answer_run].text):
            continue
        if any(seen.get(f.names[n].lower(), 1) > 1 for n in ("key", "row", "column") if n in f.names and not (kind == "cell" and n == "column" and tables < 2)):
            continue
        if kind == "field":
            typed = BY_TYPE.get(TYPE_OF.get(f.names["key"], ""))
            pool = typed if typed and rng.random() < .4 else FIELD
        elif kind == "price":
            pool = TEMPLATES["total" if f.names["key"] in TOTALS else "price"]
        elif kind == "colored":
            pool = TEMPLATES["button" if f.names["thing"] == "button" else "sign"]
        else:
            pool = TEMPLATES[kind]
        key = f.key_box
        point = None
        if f.key_run >= 0:                                                  # the last word of the key
            run = page.runs[f.key_run]
            last = min(len(run.text.rstrip(" :")) - 1, max(0, run.text.rstrip(" :").rfind(" ") + 1))
            point = run.centers[last], run.y
        elif key:
            point = (key[0] + key[2]) / 2, (key[1] + key[3]) / 2
        closed = kind in ("legend-color", "switch", "rows")
        out.append(Question(FAMILY[kind], named(rng, rng.choice(pool), f.names), f.answer, [f.target] + ([key] if key else []), f.search, -1 if closed else f.answer_run, point, closed))
    return out

def _center(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2

def of_shapes(page: Page, rng: random.Random) -> list[Question]:
    """Colours, places, numbers and presence of the page's shapes."""
    shapes = [(b, SHAPE_NAMES[s], COLOR_NAMES[c - 1]) for b, s, c in page.shapes]
    if not shapes:
        return []
    everywhere, out = [b for b, *_ in shapes], []
    by: dict[str, list] = {}
    for b, shape, color in shapes:
        for name in (shape, f"{color} object", f"{color} {shape}"):
            by.setdefault(name, []).append((b, shape, color))
    ask = lambda family, text, answer, target, search, key=None: out.append(Question(family, voice(rng, text), answer, target, search, -1, _center(key) if key else None, True))
    for name, found in by.items():
        b, shape, color = found[0]
        if len(found) == 1 and name == shape:
            ask("attr", rng.choice(["What color is the {}?", "What color is the {}?", "What is the color of the {}?", "What colour is the {}?", "Which color does the {} have?"]).format(shape), color, [b], everywhere, b)
        if len(found) == 1 and name == f"{color} object":
            ask("attr", rng.choice(["What shape is {}?", "What is the shape of the {} object?", "Which shape is {}?"]).format(color), shape, [b], everywhere, b)
        if len(found) > 1 or rng.random() < .2:
            ask("count", rng.choice(["How many {} are there?", "How many {} do you see?", "What is the number of {}?", "Count the {}."]).format(name + ("es" if name.endswith("cross") else "s")), str(len(found)), [x[0] for x in found], everywhere)
    plural = lambda name: name + ("es" if name.endswith("cross") else "s")
    for _ in range(2 if len(by) > 3 else 0):
        a, b = rng.sample(list(by), 2)
        if len(by[a]) != len(by[b]):
            more = rng.random() < .5
            text = rng.choice(["Are there {more} {a} than {b}?", "Is the number of {a} {larger} than the number of {b}?", "Do you see {more} {a} than {b}?"])
            text = text.format(more="more" if more else "fewer", larger="greater" if more else "smaller", a=plural(a), b=plural(b))
            ask("count", text, "yes" if (len(by[a]) > len(by[b])) == more else "no", [x[0] for x in by[a] + by[b]], everywhere)
    single = [(n, f[0][0]) for n, f in by.items() if len(f) == 1 and not n.endswith("object")]
    for _ in range(min(5, 2 * len(single)) if len(single) > 1 else 0):
        (a, p), (b, q) = rng.sample(single, 2)
        dx, dy = _center(p)[0] - _center(q)[0], _center(p)[1] - _center(q)[1]
        if abs(dx) > 30 and abs(dx) > .7 * abs(dy):
            ask("rel", rng.choice(["Is the {} left or right of the {}?", "Is the {} to the left or to the right of the {}?", "Is the {} on the left or right side of the {}?"]).format(a, b), "left" if dx < 0 else "right", [p, q], everywhere, p)
        elif abs(dy) > 30 and abs(dy) > .7 * abs(dx):
            ask("rel", rng.choice(["Is the {} above or below the {}?", "Is the {} higher or lower than the {}?"][:1] * 3).format(a, b), "above" if dy < 0 else "below", [p, q], everywhere, p)
    for _ in range(3):
        name = rng.choice(list(by)) if rng.random() < .5 else f"{rng.choice(list(words.COLORS))} {rng.choice(words.SHAPES)}"
        found = by.get(name)
        ask("exist", rng.choice(["Is there {}?", "Is there {} on the page?", "Can you see {}?", "Does the image show {}?"]).format(("an " if name[0] in "aeiou" else "a ") + name), "yes" if found else "no", [x[0] for x in found] if found else everywhere, everywhere)
    return out

def of_absence(page: Page, rng: random.Random) -> list[Question]:
    """Is there such a button or entry; questions that the page does not answer."""
    out, everything = [], [r.box for r in page.runs if r.text]
    if not everything:
        return out
    present = {w for r in page.runs for w in r.text.lower().rstrip(" :").split()}
    buttons = [r for r in page.runs if r.role == "button" and r.text]
    entries = [r for r in page.runs if r.role in ("key", "menu", "header", "legend") and r.text]
    search = [r.box for r in buttons] or everything
    for _ in range(2 if buttons else 0):
        if rng.random() < .5:
            run = rng.choice(buttons)
            name, yes = run.text, True
        else:
            run, name, yes = None, words.title_case(rng.choice(words.BUTTONS)), False
            if set(name.lower().split()) & present:
                continue
        out.append(Question("exist", voice(rng, rng.choice(["Is there a {} button?", "Is there a {} button?", "Does the page have a {} button?", "Can I see a button labelled {}?"]).format(name)), "yes" if yes else "no",
                            [run.box] if yes else search, search, -1, _center(run.box) if yes else None, True))
    for _ in range(2 if entries else 0):
        run, name, yes = rng.choice(entries), "", rng.random() < .5
        name = run.text.rstrip(" :") if yes else rng.choice(words.KEYS)[0]
        if not yes and set(name.lower().split()) & present:
            continue
        out.append(Question("exist", voice(rng, rng.choice(['Is there an entry for {}?', 'Is {} mentioned?', 'Does the page show {}?', 'Is {} on the page?']).format(name)), "yes" if yes else "no",
                            [run.box] if yes else [r.box for r in entries], [r.box for r in entries], -1, _center(run.box) if yes else None, True))
    for _ in range(2):
        kind = rng.choice(["field", "field", "price", "button"])
        if kind == "button":
            color = rng.choice(COLOR_NAMES)
            if any(f.names.get("color") == color for f in page.facts) or any(COLOR_NAMES[c - 1] == color for _, c in page.panels):
                continue
            text = rng.choice(TEMPLATES["button"]).format(color=color)
        else:
            key, of = rng.choice(words.KEYS) if kind == "field" else (rng.choice(words.FOODS + words.GOODS), "")
            if set(key.split()) & present:
                continue
            text = named(rng, rng.choice(BY_TYPE.get(of, FIELD) if kind == "field" and rng.random() < .4 else FIELD if kind == "field" else TEMPLATES["price"]), {"key": key})
        out.append(Question("unanswerable", text, UNANSWERABLE, everything, everything, -1, None, True))
    return out

def options(rng: random.Random, answer: str, others: list[str]) -> tuple[str, str]:
    """" A. x, B. y, C. z, D. w" with the answer among them, and its letter."""
    wrong = [o for o in dict.fromkeys(others) if o.lower() != answer.lower()]
    if len(wrong) < 3:
        return "", ""
    shown = rng.sample(wrong, 3) + [answer]
    rng.shuffle(shown)
    return " " + ", ".join(f"{letter}. {text}" for letter, text in zip("ABCD", shown)), "ABCD"[shown.index(answer)]

def of_choices(asked: list[Question], rng: random.Random) -> list[Question]:
    """Some of the questions again, with four answers to choose from."""
    out = []
    pool = [q for q in asked if q.family in ("attr", "label", "read", "kv", "table", "bar") and len(q.answer) <= 14]
    for q in rng.sample(pool, min(4, len(pool))):
        if q.answer in words.COLORS or q.answer in words.SHAPES:
            others = list(words.COLORS if q.answer in words.COLORS else words.SHAPES)
        else:
            others = [p.answer for p in pool if p.family == q.family] + [words.phrase(rng) for _ in range(3)]
        listed, letter = options(rng, q.answer, others)
        if letter:
            out.append(dataclasses.replace(q, family="choice", text=q.text.rstrip("?.") + "?" + listed, answer=letter, answer_run=-1, closed=True))
    return out

def questions(page: Page, rng: random.Random) -> list[Question]:
    asked = of_facts(page, rng) + of_shapes(page, rng) + of_absence(page, rng)
    return asked + of_choices(asked, rng)
