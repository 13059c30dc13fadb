"""Questions about coloured shapes: colours, places, numbers, presence."""

import random

import words
from asking import Question, center, voice
from pages.canvas import COLOR_NAMES, SHAPE_ID, Box
from pages.compose import Page

SHAPE_NAMES = {i: n for n, i in SHAPE_ID.items()}


def of_shapes(page: Page, rng: random.Random, area: Box) -> list[Question]:
    """Colours, places, numbers and presence of the page's shapes; `area` is the page without its
    padding."""
    shapes = [(b, SHAPE_NAMES[s], COLOR_NAMES[c - 1]) for b, s, c in page.shapes]
    if not shapes:
        return []
    everywhere, out = [b for b, *_ in shapes], []
    by: dict[str, list] = {}
    for b, shape, color in shapes:
        for name in (shape, f"{color} object", f"{color} {shape}"):
            by.setdefault(name, []).append((b, shape, color))
    ask = lambda family, text, answer, target, search, key=None: out.append(
        Question(
            family, voice(rng, text), answer, target, search, -1, center(key) if key else None, True
        )
    )
    for name, found in by.items():
        b, shape, color = found[0]
        if len(found) == 1 and name == shape:
            ask(
                "attr",
                rng.choice(
                    [
                        "What color is the {}?",
                        "What color is the {}?",
                        "What is the color of the {}?",
                        "What colour is the {}?",
                        "Which color does the {} have?",
                    ]
                ).format(shape),
                color,
                [b],
                everywhere,
                b,
            )
        if len(found) == 1 and name == f"{color} object":
            ask(
                "attr",
                rng.choice(
                    [
                        "What shape is {}?",
                        "What is the shape of the {} object?",
                        "Which shape is {}?",
                    ]
                ).format(color),
                shape,
                [b],
                everywhere,
                b,
            )
        if len(found) > 1 or rng.random() < 0.2:
            ask(
                "count",
                rng.choice(
                    [
                        "How many {} are there?",
                        "How many {} do you see?",
                        "What is the number of {}?",
                        "Count the {}.",
                    ]
                ).format(name + ("es" if name.endswith("cross") else "s")),
                str(len(found)),
                [x[0] for x in found],
                everywhere,
            )
    plural = lambda name: name + ("es" if name.endswith("cross") else "s")
    for _ in range(2 if len(by) > 3 else 0):
        a, b = rng.sample(list(by), 2)
        if len(by[a]) != len(by[b]):
            more = rng.random() < 0.5
            text = rng.choice(
                [
                    "Are there {more} {a} than {b}?",
                    "Is the number of {a} {larger} than the number of {b}?",
                    "Do you see {more} {a} than {b}?",
                ]
            )
            text = text.format(
                more="more" if more else "fewer",
                larger="greater" if more else "smaller",
                a=plural(a),
                b=plural(b),
            )
            ask(
                "count",
                text,
                "yes" if (len(by[a]) > len(by[b])) == more else "no",
                [x[0] for x in by[a] + by[b]],
                everywhere,
            )
    single = [(n, f[0][0]) for n, f in by.items() if len(f) == 1 and not n.endswith("object")]
    for _ in range(min(6, 2 * len(single)) if len(single) > 1 else 0):
        (a, p), (b, q) = rng.sample(single, 2)
        dx, dy = center(p)[0] - center(q)[0], center(p)[1] - center(q)[1]
        if abs(dx) > 30 and abs(dx) > 0.7 * abs(dy):
            ask(
                "rel",
                rng.choice(
                    [
                        "Is the {} left or right of the {}?",
                        "Is the {} to the left or to the right of the {}?",
                        "Is the {} on the left or right side of the {}?",
                    ]
                ).format(a, b),
                "left" if dx < 0 else "right",
                [p, q],
                everywhere,
                p,
            )
        elif abs(dy) > 30 and abs(dy) > 0.7 * abs(dx):
            ask(
                "rel",
                f"Is the {a} above or below the {b}?",
                "above" if dy < 0 else "below",
                [p, q],
                everywhere,
                p,
            )
    for name, box in rng.sample(single, min(8, len(single))):
        (x, y), (x0, y0, x1, y1) = center(box), area
        across, down = (x - x0) / (x1 - x0), (y - y0) / (y1 - y0)
        if abs(across - 0.5) > 0.05:
            text = rng.choice(
                [
                    "Is the {} on the left or right side of the page?",
                    "Is the {} on the left or on the right?",
                    "Is the {} in the left or in the right half of the image?",
                ]
            )
            half = "left" if across < 0.5 else "right"
            ask("rel", text.format(name), half, [box], everywhere, box)
        if abs(down - 0.5) > 0.05:
            text = f"Is the {name} at the top or at the bottom of the page?"
            ask("rel", text, "top" if down < 0.5 else "bottom", [box], everywhere, box)
        row, column = (min(2, max(0, int(3 * share))) for share in (down, across))
        place = f"{('top', 'middle', 'bottom')[row]} {('left', 'center', 'right')[column]}"
        text = rng.choice(["Where is the {}?", "Where on the page is the {}?"]).format(name)
        ask("rel", text, "center" if row == column == 1 else place, [box], everywhere, box)
    for _ in range(3):
        name = (
            rng.choice(list(by))
            if rng.random() < 0.5
            else f"{rng.choice(list(words.COLORS))} {rng.choice(words.SHAPES)}"
        )
        found = by.get(name)
        ask(
            "exist",
            rng.choice(
                [
                    "Is there {}?",
                    "Is there {} on the page?",
                    "Can you see {}?",
                    "Does the image show {}?",
                ]
            ).format(("an " if name[0] in "aeiou" else "a ") + name),
            "yes" if found else "no",
            [x[0] for x in found] if found else everywhere,
            everywhere,
        )
    return out
