"""What every patch should know: its characters, its neighbours', its word, what names it, shapes,
colours.

A target of IGNORE is not trained on. The heads that predict these are thrown away after
pre-training."""

import pathlib
import string

import numpy as np

from pages.colors import COLOR_ID, NAMES, color_name
from pages.drawings import SHAPES
from pages.page import Page, Run
from vision.words import bare

CHARACTERS = (
    string.digits
    + string.ascii_letters
    + string.punctuation
    + "€£¥°–—•·…“”‘’„«»²³×÷±©®™№§¡¿µ¼½¾→←↑↓✓✕▾▸★☆■□●○¢ªº"
    + "".join(chr(c) for c in range(0xC0, 0x180) if chr(c).isalpha())
)
CHARACTER_ID = {c: i + 1 for i, c in enumerate(CHARACTERS)}  # 0 = no character (or a space)
EDGE = len(CHARACTERS) + 1  # context beyond the end of the run
SPACE = len(CHARACTERS) + 2  # context that is a space
SLOTS = 4  # characters of one patch, left to right
IGNORE = -100
ROLES = "none body title key value header cell button axis menu sign".split()
ROLE_ID = {name: i for i, name in enumerate(ROLES)}
SHAPE_ID = {name: i + 1 for i, name in enumerate(SHAPES)}  # 0 = none
# The closed vocabulary of the word targets: the commonest words of drawn pages (`words.py`).
WORDS = (pathlib.Path(__file__).parent / "words.txt").read_text().split()
WORD_ID = {w: i + 1 for i, w in enumerate(WORDS)}  # 0 = a word outside of it
CLASSES = {
    "slots": (SLOTS, len(CHARACTERS) + 1),
    "context": (4, len(CHARACTERS) + 3),
    "word": (1, len(WORDS) + 1),
    "prefix": (3, len(CHARACTERS) + 1),
    "label": (2, len(WORDS) + 1),
    "label_prefix": (3, len(CHARACTERS) + 1),
    "header": (1, len(WORDS) + 1),
    "role": (1, len(ROLES)),
    "ink": (1, len(NAMES) + 1),
    "panel": (1, len(NAMES) + 1),
    "shape": (1, len(SHAPES) + 1),
    "color": (1, len(NAMES) + 1),
}  # name -> (targets per patch, classes)

SPANNED = {
    "context": ["context"],
    "word": ["word", "prefix"],
    "label": ["label", "label_prefix"],
    "header": ["header"],
}  # span -> targets that need all of it in view
READING = ("slots", "context", "word", "prefix", "label", "label_prefix", "header")


def first_letters(word: str) -> list[int]:
    return [CHARACTER_ID.get(c, 0) for c in word[:3]] + [0] * (3 - len(word[:3]))


def word_id(word: str) -> int:
    return WORD_ID.get(bare(word), 0)


def _span(low: float, high: float, grid: int) -> slice:
    """Patches whose centre lies in [low, high), in patch units."""
    return slice(max(0, int(np.ceil(low - 0.5))), min(grid, int(np.ceil(high - 0.5))))


def empty(grid: int) -> dict[str, np.ndarray]:
    out = {
        name: np.full((grid, grid, count), IGNORE, np.int16) for name, (count, _) in CLASSES.items()
    }
    for name in ("slots", "role", "panel", "shape"):
        out[name][:] = 0
    for name in SPANNED:
        out[name + "_span"] = np.zeros((grid, grid, 4), np.int16)
    return out


def crop(targets: dict[str, np.ndarray], rows: slice, columns: slice) -> dict[str, np.ndarray]:
    """The targets of a rectangle of patches; what depends on something outside it is ignored."""
    out = {name: array[rows, columns].copy() for name, array in targets.items()}
    for span, names in SPANNED.items():
        s = out.pop(span + "_span")
        outside = (
            (s[..., 0] < rows.start)
            | (s[..., 1] < columns.start)
            | (s[..., 2] >= rows.stop)
            | (s[..., 3] >= columns.stop)
        )
        for name in names:
            out[name][outside] = IGNORE
    return out


def dense_targets(page: Page, grid: int, legible: float = 7.0, clear: float = 0.0) -> dict[str, np.ndarray]:
    """Targets on a grid x grid raster over the whole page. `legible` is the smallest em, in pixels
    of a raster of 14-pixel patches. Which patch a character belongs to hangs on a fraction of a pixel
    where its middle is near an edge: patches with such a one nearer than `clear` pixels ask for no
    characters."""
    out = empty(grid)
    unit = page.pixels.shape[0] / grid  # pixels per patch
    for box, color in page.panels:
        name = color_name(color)
        out["panel"][
            _span(box[1] / unit, box[3] / unit, grid), _span(box[0] / unit, box[2] / unit, grid)
        ] = COLOR_ID[name] if name and name not in ("white", "black", "gray") else 0
    for box, shape, color in page.shapes:
        color = COLOR_ID.get(color_name(color), IGNORE)
        at = (
            _span(box[1] / unit, box[3] / unit, grid),
            _span(box[0] / unit, box[2] / unit, grid),
        )
        center = (
            min(grid - 1, int((box[1] + box[3]) / 2 / unit)),
            min(grid - 1, int((box[0] + box[2]) / 2 / unit)),
        )
        for where in (at, center):
            out["shape"][where], out["color"][where] = SHAPE_ID[shape], color
    if not page.colors:
        for name in ("panel", "color", "ink"):
            out[name][:] = IGNORE
    taken = np.full((grid, grid), -1)
    for number, run in enumerate(page.runs):
        if run:
            _read(out, page, run, grid, unit, legible, clear, taken, number)
    return out


def page_targets(one: Page, low: int, zoom: int) -> dict[str, np.ndarray]:
    """{name: [low^2 + (low * zoom)^2, k]}: the dense targets of the low view's patches and of the
    high view's, each row by row; a crop knows nothing of the others."""
    small, large = dense_targets(one, low), dense_targets(one, low * zoom)
    spans = [slice(i * low, (i + 1) * low) for i in range(zoom)]
    tiles = [[crop(large, rows, columns) for columns in spans] for rows in spans]
    flat = lambda of: of.reshape(-1, of.shape[2])
    return {
        name: np.concatenate(
            [flat(of), flat(np.block([[[tile[name]] for tile in row] for row in tiles]))]
        )
        for name, of in crop(small, slice(0, low), slice(0, low)).items()
    }


def _read(out, page: Page, run: Run, grid: int, unit: float, legible: float, clear: float, taken, number: int) -> None:
    """The targets of one run's patches."""
    edge = [abs(x / unit - round(x / unit)) * 14 for x, _ in run.spots]  # pixels to the nearest
    text, n, em = run.text, len(run.text), run.size * 14 / unit
    cells = [(int(y / unit), int(x / unit)) for x, y in run.spots]
    starts = [0] + [i + 1 for i, c in enumerate(text) if c == " "]
    word_of = np.searchsorted(starts, np.arange(n), side="right") - 1
    pieces = text.split(" ")
    named = [page.runs[k] if k >= 0 else None for k in (run.label, run.header)]
    label, header = [r.text.rstrip(" :").split(" ") if r else None for r in named]
    ink = COLOR_ID.get(color_name(run.ink), 0) if max(run.ink) - min(run.ink) > 70 else 0
    i = 0
    while i < n:
        j = i
        while j < n and cells[j] == cells[i]:
            j += 1
        row, column = cell = cells[i]
        if 0 <= row < grid and 0 <= column < grid:
            clash = taken[cell] >= 0 and taken[cell] != number
            out["role"][cell] = IGNORE if clash else ROLE_ID.get(run.role, 1)
            if page.colors:
                out["ink"][cell] = ink
            if clash:  # two lines in one patch: neither is asked for
                for name in READING:
                    out[name][cell] = IGNORE
            else:
                taken[cell] = number
                first = next((k for k in range(i, j) if text[k] != " "), i)
                word = word_of[first]
                _cell(out, cell, text, i, j, pieces[word], label, header, em, legible)
                if min(edge[max(0, i - 1) : j + 1]) < clear:
                    out["slots"][cell] = IGNORE
                last = starts[word] + max(0, len(pieces[word]) - 1)
                _spans(out, cell, cells, max(0, i - 2), min(n - 1, j + 1), starts[word], min(n - 1, last))
                for name, r in zip(("label", "header"), named):
                    if r:
                        ends = [(int(y / unit), int(x / unit)) for x, y in (r.spots[0], r.spots[-1])]
                        out[name + "_span"][cell] = _bounds(*ends)
        i = j


def _bounds(a, b) -> tuple[int, int, int, int]:
    return min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])


def _spans(out, cell, cells, first: int, last: int, start: int, end: int) -> None:
    out["context_span"][cell] = _bounds(cells[first], cells[last])
    out["word_span"][cell] = _bounds(cells[start], cells[end])


def _cell(out, cell, text, i, j, word, label, header, em, legible) -> None:
    if em < legible:
        out["slots"][cell] = IGNORE
    else:
        found = [c for c in text[i:j] if c != " "][:SLOTS]
        out["slots"][cell] = [CHARACTER_ID.get(c, IGNORE) for c in found] + [0] * (
            SLOTS - len(found)
        )
        around = (i - 2, i - 1, j, j + 1)
        out["context"][cell] = [
            EDGE
            if u in (-1, len(text))
            else IGNORE
            if not 0 <= u < len(text)
            else SPACE
            if text[u] == " "
            else CHARACTER_ID.get(text[u], IGNORE)
            for u in around
        ]
    if em < legible * 0.7:
        return
    out["word"][cell] = word_id(word)
    out["prefix"][cell] = first_letters(word)
    if label:
        out["label"][cell] = word_id(label[0]), word_id(label[-1])
        out["label_prefix"][cell] = first_letters(label[0])
    if header:
        out["header"][cell] = word_id(header[-1])
