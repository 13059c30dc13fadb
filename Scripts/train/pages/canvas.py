"""The drawing surface of a generated page: every call records what it drew and where."""

import dataclasses
import random

from PIL import Image, ImageDraw

import fonts
import words
from pages.outlines import outline_of

COLOR_NAMES = list(words.COLORS)
COLOR_ID = {name: i + 1 for i, name in enumerate(COLOR_NAMES)}  # 0 = none
SHAPE_ID = {name: i + 1 for i, name in enumerate(words.SHAPES)}  # 0 = none
ROLES = [
    "none",
    "body",
    "title",
    "key",
    "value",
    "header",
    "cell",
    "button",
    "axis",
    "menu",
    "sign",
    "legend",
]
ROLE_ID = {name: i for i, name in enumerate(ROLES)}
Box = tuple[float, float, float, float]


@dataclasses.dataclass
class Run:
    """A string on the page. Coordinates are pixels of the page until `Page.scaled`."""

    text: str
    centers: list[float]  # x of every character's centre
    y: float  # y of the middle of the small letters
    size: float  # pixels per em
    box: Box
    role: str
    color: int = 0  # of the ink, when it has a name
    label: int = (
        -1
    )  # index of the run that names this one (the key of a value, the first cell of a row)
    header: int = -1  # index of the run at the head of its column


@dataclasses.dataclass
class Fact:
    """Something that can be asked. `names` fill the question's template; `answer_run` (or
    `target`) is where the answer is."""

    kind: str
    names: dict[str, str]
    answer: str
    target: Box
    search: list[Box]  # everything that has to be looked through
    answer_run: int = -1
    key_run: int = -1
    key_box: Box | None = None


@dataclasses.dataclass
class Theme:
    light: bool
    background: tuple
    surface: tuple
    ink: tuple
    muted: tuple
    line: tuple
    accent: tuple
    accent_name: str
    family: str
    heading: str
    mono: str
    text: float  # body size, pixels of the page
    radius: float


def luminance(color) -> float:
    return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]


def jitter(rng: random.Random, color, amount: int = 12) -> tuple:
    return tuple(max(0, min(255, v + rng.randint(-amount, amount))) for v in color)


def contrast(rng: random.Random, color) -> tuple:
    """Black or white, whichever is read on `color`."""
    if 105 < luminance(color) < 150:
        return rng.choice([(255, 255, 255), (15, 15, 15)])
    return (255, 255, 255) if luminance(color) < 128 else (20, 20, 20)


def color_name(color) -> str | None:
    """The name of a colour, when it is close to that of a named one."""
    best = min(
        words.COLORS, key=lambda n: sum((a - b) ** 2 for a, b in zip(words.COLORS[n], color))
    )
    return best if sum((a - b) ** 2 for a, b in zip(words.COLORS[best], color)) < 2600 else None


class Canvas:
    def __init__(self, rng: random.Random, width: int, height: int, theme: Theme):
        self.rng, self.width, self.height, self.theme = rng, width, height, theme
        self.image = Image.new("RGB", (width, height), theme.background)
        self.draw = ImageDraw.Draw(self.image)
        self.runs: list[Run] = []
        self.shapes: list[tuple[Box, int, int]] = []  # box, shape, colour
        self.panels: list[tuple[Box, int]] = []  # box, colour
        self.facts: list[Fact] = []
        self.used_colors: set[str] = set()  # of coloured boxes that carry text
        self.used_inks: set[str] = set()  # of coloured text that is asked for

    def face(
        self, size: float = 0, bold: bool = False, italic: bool = False, family: str = ""
    ) -> fonts.Face:
        return fonts.face(family or self.theme.family, size or self.theme.text, bold, italic)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: fonts.Face,
        fill,
        role: str = "body",
        tracking: float = 0,
    ) -> int:
        """Draws `text` with its line's top left corner at (x, y); returns the run's index."""
        x, base = round(x), round(y) + face.ascent
        advances = face.advances(text)
        if tracking:
            advances = [a + tracking for a in advances]
            at = x
            for c, a in zip(text, advances):
                self.draw.text((at, base), c, font=face.font, fill=fill, anchor="ls")
                at += a
        else:
            self.draw.text((x, base), text, font=face.font, fill=fill, anchor="ls")
            total = sum(advances)
            if total > 0:  # kerning: spread the difference
                fit = face.font.getlength(text) / total
                advances = [a * fit for a in advances]
        centers, at = [], float(x)
        for a in advances:
            centers.append(at + a / 2)
            at += a
        named = color_name(fill) if max(fill) - min(fill) > 70 else None
        box = (x, base - face.size * 0.8, at, base + face.size * 0.22)
        self.runs.append(
            Run(text, centers, base - 0.3 * face.size, face.size, box, role, COLOR_ID.get(named, 0))
        )
        return len(self.runs) - 1

    def text_in(
        self,
        box: Box,
        text: str,
        face: fonts.Face,
        fill,
        role: str,
        align: str = "center",
        pad: float = 0,
    ) -> int:
        """Draws `text` centred vertically in a box."""
        w = face.width(text)
        x = {"center": (box[0] + box[2] - w) / 2, "left": box[0] + pad, "right": box[2] - pad - w}[
            align
        ]
        return self.text(
            x, (box[1] + box[3]) / 2 - (face.ascent + face.descent) / 2, text, face, fill, role
        )

    def panel(self, box: Box, fill, outline=None, radius: float = 0, width: int = 1) -> None:
        """A filled rectangle; remembered when its colour has a name."""
        box = tuple(round(v) for v in box)
        if box[2] - box[0] < 3 or box[3] - box[1] < 3:
            return
        if radius >= 1:
            self.draw.rounded_rectangle(
                box,
                radius=min(radius, (box[2] - box[0]) / 2, (box[3] - box[1]) / 2),
                fill=fill,
                outline=outline,
                width=width,
            )
        else:
            self.draw.rectangle(box, fill=fill, outline=outline, width=width)
        name = color_name(fill) if fill else None
        if name and name not in ("white", "black", "gray"):
            self.panels.append((box, COLOR_ID[name]))

    def shrink(self, by: int) -> None:
        """Moves everything that was recorded to an image `by` times smaller."""
        small = lambda b: tuple(v / by for v in b) if b else b
        self.runs = [
            dataclasses.replace(
                r,
                centers=[x / by for x in r.centers],
                y=r.y / by,
                size=r.size / by,
                box=small(r.box),
            )
            for r in self.runs
        ]
        self.facts = [
            dataclasses.replace(
                f,
                target=small(f.target),
                search=[small(b) for b in f.search],
                key_box=small(f.key_box),
            )
            for f in self.facts
        ]
        self.shapes = [(small(b), s, c) for b, s, c in self.shapes]
        self.panels = [(small(b), c) for b, c in self.panels]

    def cover(self, box: Box) -> None:
        """Forgets what lies under a box that is about to be drawn."""
        hits = lambda b: b[0] < box[2] and box[0] < b[2] and b[1] < box[3] and box[1] < b[3]
        hidden = {i for i, r in enumerate(self.runs) if hits(r.box)}
        for i in hidden:
            self.runs[i].text = ""
        self.facts = [
            f
            for f in self.facts
            if f.answer_run not in hidden and f.key_run not in hidden and not hits(f.target)
        ]
        self.shapes = [s for s in self.shapes if not hits(s[0])]

    def shadow(self, box: Box, reach: float) -> None:
        """A soft shadow under a box."""
        steps = max(1, min(6, round(reach)))
        for i in range(steps, 0, -1):
            t = 0.25 * (1 - i / (steps + 1))
            fill = tuple(round(b * (1 - t)) for b in self.theme.background)
            d = reach * i / steps
            self.draw.rounded_rectangle(
                [box[0] - d * 0.5, box[1] - d * 0.2, box[2] + d * 0.5, box[3] + d],
                radius=self.theme.radius + d,
                fill=fill,
            )

    def line(self, *points, fill=None, width: int = 1) -> None:
        self.draw.line([round(v) for v in points], fill=fill or self.theme.line, width=width)

    def fact(
        self,
        kind: str,
        answer_run: int,
        search: list[Box],
        key_run: int = -1,
        answer: str = "",
        **names: str,
    ) -> None:
        """Records that a run answers a question."""
        run = self.runs[answer_run]
        key = self.runs[key_run].box if key_run >= 0 else None
        self.facts.append(
            Fact(kind, names, answer or run.text, run.box, search, answer_run, key_run, key)
        )

    def shape(
        self, name: str, cx: float, cy: float, size: float, color, color_name: str, outline=None
    ) -> Box:
        """Draws one of `words.SHAPES` around a centre; returns its box."""
        box = (cx - size / 2, cy - size / 2, cx + size / 2, cy + size / 2)
        if name == "ring":
            self.draw.ellipse(box, outline=color, width=max(2, round(size * 0.2)))
        else:
            self.draw.polygon(outline_of(name, cx, cy, size), fill=color, outline=outline)
        self.shapes.append((box, SHAPE_ID[name], COLOR_ID[color_name]))
        return box
