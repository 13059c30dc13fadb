"""What every patch should know: its characters, its neighbours', its word, what names it, shapes,
colours.

A target of IGNORE is not trained on. The heads that predict these are thrown away after
pre-training."""

import string

import numpy as np

import words
from pages.canvas import COLOR_NAMES, ROLE_ID, ROLES
from pages.compose import Page

CHARACTERS = (
    string.digits
    + string.ascii_letters
    + string.punctuation
    + "€£¥°–•…“”’²·×©®éèêëáàâäãåçíîïñóôöõøúüßÉÖÜÄÅÑ"
)
CHARACTER_ID = {c: i + 1 for i, c in enumerate(CHARACTERS)}  # 0 = no character (or a space)
EDGE = len(CHARACTERS) + 1  # context beyond the end of the run
SPACE = len(CHARACTERS) + 2  # context that is a space
SLOTS = 4  # characters of one patch, left to right
IGNORE = -100
CLASSES = {
    "slots": (SLOTS, len(CHARACTERS) + 1),
    "context": (4, len(CHARACTERS) + 3),
    "word": (1, len(words.WORDS) + 1),
    "prefix": (3, len(CHARACTERS) + 1),
    "label": (2, len(words.WORDS) + 1),
    "label_prefix": (3, len(CHARACTERS) + 1),
    "header": (1, len(words.WORDS) + 1),
    "role": (1, len(ROLES)),
    "ink": (1, len(COLOR_NAMES) + 1),
    "panel": (1, len(COLOR_NAMES) + 1),
    "shape": (1, len(words.SHAPES) + 1),
    "color": (1, len(COLOR_NAMES) + 1),
}  # name -> (targets per patch, classes)

SPANNED = {
    "context": ["context"],
    "word": ["word", "prefix"],
    "label": ["label", "label_prefix"],
    "header": ["header"],
}  # span -> targets that need all of it in view


def word_id(word: str) -> int:
    return words.WORD_ID.get(word.lower().strip(".,:;!?()[]{}\"'#*<>"), 0)


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


def dense_targets(page: Page, grid: int, legible: float = 7.4) -> dict[str, np.ndarray]:
    """Targets on a grid x grid raster over the whole page. `legible` is the smallest em, in pixels
    of a raster of 14-pixel patches."""
    out = empty(grid)
    unit = page.pixels.shape[0] / grid  # pixels per patch
    for box, color in page.panels:
        out["panel"][
            _span(box[1] / unit, box[3] / unit, grid), _span(box[0] / unit, box[2] / unit, grid)
        ] = color
    for box, shape, color in page.shapes:
        rows, columns = (
            _span(box[1] / unit, box[3] / unit, grid),
            _span(box[0] / unit, box[2] / unit, grid),
        )
        out["shape"][rows, columns], out["color"][rows, columns] = shape, color
        center = (
            min(grid - 1, int((box[1] + box[3]) / 2 / unit)),
            min(grid - 1, int((box[0] + box[2]) / 2 / unit)),
        )
        out["shape"][center], out["color"][center] = shape, color
    taken = np.full((grid, grid), -1)
    for number, run in enumerate(page.runs):
        row = int(run.y / unit)
        columns = [int(x / unit) for x in run.centers]
        if not run.text or not 0 <= row < grid or columns[-1] < 0 or columns[0] >= grid:
            continue
        span = slice(max(0, columns[0]), min(grid, columns[-1] + 1))
        clash = (taken[row, span] >= 0).any()
        out["role"][row, span] = IGNORE if clash else ROLE_ID[run.role]
        out["ink"][row, span] = run.color
        em = run.size * 14 / unit
        _read(out, page, run, row, columns, grid, unit, em, legible, taken, number)
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


def _read(out, page, run, row, columns, grid, unit, em, legible, taken, number) -> None:
    """The targets of one run's patches that concern reading."""
    text, n = run.text, len(run.text)
    starts = [0] + [i + 1 for i, c in enumerate(text) if c == " "]
    word_of, word_at = [], -1
    for i in range(n):
        if word_at + 1 < len(starts) and i == starts[word_at + 1]:
            word_at += 1
        word_of.append(word_at)
    pieces = text.split(" ")
    place = lambda r: (
        int(r.y / unit),
        int(r.centers[0] / unit),
        int(r.y / unit),
        int(r.centers[-1] / unit),
    )
    named = [
        page.runs[k] if k >= 0 and page.runs[k].text else None for k in (run.label, run.header)
    ]
    label, header = [r.text.rstrip(" :").split(" ") if r else None for r in named]
    i = 0
    while i < n:
        column, j = columns[i], i
        while j < n and columns[j] == column:
            j += 1
        if 0 <= column < grid:
            cell = row, column
            if (
                taken[cell] >= 0 and taken[cell] != number
            ):  # two lines in one patch: neither is asked for
                for name in (
                    "slots",
                    "context",
                    "word",
                    "prefix",
                    "label",
                    "label_prefix",
                    "header",
                ):
                    out[name][cell] = IGNORE
            else:
                taken[cell] = number
                first = next((k for k in range(i, j) if text[k] != " "), i)
                word = word_of[first]
                _cell(out, cell, text, i, j, pieces[word], label, header, em, legible)
                out["context_span"][cell] = (
                    row,
                    columns[max(0, i - 2)],
                    row,
                    columns[min(n - 1, j + 1)],
                )
                out["word_span"][cell] = (
                    row,
                    columns[starts[word]],
                    row,
                    columns[min(n - 1, starts[word] + max(0, len(pieces[word]) - 1))],
                )
                for name, r in zip(("label", "header"), named):
                    if r:
                        out[name + "_span"][cell] = place(r)
        i = j


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
    letters = lambda w: [CHARACTER_ID.get(c, 0) for c in w[:3]] + [0] * (3 - len(w[:3]))
    out["word"][cell] = word_id(word)
    out["prefix"][cell] = letters(word)
    if label:
        out["label"][cell] = word_id(label[0]), word_id(label[-1])
        out["label_prefix"][cell] = letters(label[0])
    if header:
        out["header"][cell] = word_id(header[-1])
