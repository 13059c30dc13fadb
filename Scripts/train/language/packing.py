"""Questions of one page as tensors: tokens, answer rows, what each row should look at."""

import collections
import dataclasses
import random

import numpy as np
import sentencepiece
import torch
from torch.utils.data import Dataset

from pages.page import Box, Page, Wear, page, wear
from pages.records import Store
from questions.make import questions
from questions.question import Question, requested
from runs.run import eased
from vision.targets import CHARACTERS, IGNORE, first_letters, page_targets

FAMILIES = "kv table bar read title attr rel count exist unanswerable choice".split()
READING = ("kv", "table", "bar", "read", "title")


class Codec:
    """Questions become SentencePiece tokens; copied answers single characters, so that the n-th
    row copies the n-th character. A character without a piece of its own is written as its bytes."""

    def __init__(self, path: str):
        self.pieces = pieces = sentencepiece.SentencePieceProcessor(model_file=path)
        self.newline, self.end = pieces.piece_to_id("<0x0A>"), pieces.eos_id()
        self.character = {" ": [pieces.piece_to_id("\u2581")]}
        for c in CHARACTERS:
            own = pieces.piece_to_id(c)
            self.character[c] = (
                [own] if own != pieces.unk_id() else [pieces.piece_to_id(f"<0x{b:02X}>") for b in c.encode()]
            )

    def encode(self, q: Question) -> tuple[list[int], list[int], list[int]] | None:
        """Tokens of the question, tokens of the answer, and of which character each of these is; None
        where an answer cannot be written."""
        asked = self.pieces.encode(q.text + "\n")
        if q.closed:
            answer = self.pieces.encode(q.text + "\n" + q.answer)[len(asked) :]
            return asked, answer, [0] * len(answer)
        if any(c not in self.character for c in q.answer):
            return None
        answer = [(t, i) for i, c in enumerate(q.answer) for t in self.character[c]]
        return asked, [t for t, _ in answer], [i for _, i in answer]


@dataclasses.dataclass
class Shape:
    tokens: int
    rows: int
    most: int  # questions


def cells_of(boxes: list[Box], side: int, grid: int) -> np.ndarray:
    """Which low-resolution tokens the boxes touch."""
    out, unit = np.zeros((grid, grid), bool), side / grid
    for x0, y0, x1, y1 in boxes:
        out[
            max(0, int(y0 / unit)) : int((y1 - 1) / unit) + 1,
            max(0, int(x0 / unit)) : int((x1 - 1) / unit) + 1,
        ] = True
    return out.ravel()


def margins(width: int, height: int, grid: int) -> np.ndarray:
    """False on the rows or columns that the official code takes for padding (Algorithm 6.2)."""
    out = np.ones((grid, grid), bool)
    m = int(abs(width - height) // 2 / max(width, height) * grid)
    if m:
        edge = [*range(m), *range(grid - m, grid)]
        if width > height:
            out[edge] = False
        else:
            out[:, edge] = False
    return out.ravel()


def pack(
    one: Page,
    asked: list[Question],
    codec: Codec,
    shape: Shape,
    low: int,
    zoom: int,
    patch: int,
    longest: int = 40,
) -> dict[str, np.ndarray]:
    """Packs as many questions as fit. `early`, `also` and `late` are the high-resolution tokens
    that the first, the second and the later high-resolution layers should look at; -1 where unknown."""
    side, prefix, high = low * zoom * patch, 1 + low * low, low * zoom
    out = {k: np.zeros(shape.tokens, np.int64) for k in ("tokens", "positions")} | {
        "segments": np.full(shape.tokens, -1, np.int64)
    }
    out |= {
        "rows": np.full(shape.rows, shape.tokens - 1, np.int64),
        "wanted": np.full(shape.rows, -100, np.int64),
        "owner": np.zeros(shape.rows, np.int64),
        "early": np.full(shape.rows, -1, np.int64),
        "also": np.full(shape.rows, -1, np.int64),
        "late": np.full(shape.rows, -1, np.int64),
    }
    out |= {
        "target": np.zeros((shape.most, low * low), bool),
        "search": np.zeros((shape.most, low * low), bool),
        "family": np.full(shape.most, -1, np.int64),
        "key_letters": np.full((shape.most, 3), IGNORE, np.int64),
        "also_letters": np.full((shape.most, 3), IGNORE, np.int64),
    }
    written = {spot: (run, i) for run in one.runs if run for i, spot in enumerate(run.spots)}
    at = lambda x, y: (
        min(high - 1, max(0, int(y / patch))) * high + min(high - 1, max(0, int(x / patch)))
    )
    used = row = count = 0
    for q in asked:
        coded = codec.encode(q) if len(q.answer) <= longest else None
        if not coded:
            continue
        question, answer, characters = coded
        length, n = len(question) + len(answer), len(answer) + 1
        if count == shape.most or used + length > shape.tokens - 1 or row + n > shape.rows:
            continue
        out["tokens"][used : used + length] = question + answer
        out["positions"][used : used + length] = prefix + np.arange(length)
        out["segments"][used : used + length] = count
        r = slice(row, row + n)
        out["rows"][r] = used + len(question) - 1 + np.arange(n)
        out["wanted"][r] = answer + [codec.end]
        out["owner"][r] = count
        key = at(*q.key) if q.key else -1
        for name, letters, point in (("early", "key_letters", q.key), ("also", "also_letters", q.also or q.key)):
            out[name][r] = at(*point) if point else -1
            if point in written and point != (q.spots or [None])[0]:
                run, i = written[point]
                out[letters][count] = first_letters(run.text[i:].split(" ")[0])
        if q.spots:
            places = [at(*q.spots[i]) for i in characters]
            out["late"][r] = places + places[-1:]
            for name in ("early", "also"):
                out[name][row + 1 : row + n] = places  # where the character before stands
        elif key >= 0:
            out["late"][r] = key
        out["target"][count], out["search"][count] = (
            cells_of(q.target, side, low),
            cells_of(q.search, side, low),
        )
        out["family"][count] = FAMILIES.index(q.family)
        used, row, count = used + length, row + n, count + 1
    out["margins"] = margins(one.width, one.height, low)
    return out


class Questions(Dataset):
    """Item `step` is a batch of pages, their packed questions and, where the tower is trained on
    them, their dense targets: a pure function of the store, the seed and the step."""

    def __init__(self, config: dict, codec_path: str, store: str, match: str, seed: int, images: int):
        g, l = config["geometry"], config["language_training"]
        self.seed, self.images, self.codec_path, self.codec = seed, images, codec_path, None
        self.low, self.zoom, self.patch = g["low"] // g["patch"], g["zoom"], g["patch"]
        self.store, self.worn, self.dense = Store(store, match), True, l["dense"] > 0
        self.shape, self.weights = Shape(l["tokens"], l["rows"], l["questions"]), l["families"]
        self.ease, self.fewest = l["ease"], l["fewest"]
        self.plain = l["plain"]  # the share that is kept of pages without fields, tables and bars

    def __len__(self):
        return 1 << 40

    def __getitem__(self, step: int):
        self.codec = self.codec or Codec(self.codec_path)
        if step % 64 == 0:
            self.store.refresh()
        side, smallest = self.low * self.zoom * self.patch, eased(self.ease, step)
        pixels, packs, targets, tries = [], [], [], 0
        while len(packs) < self.images:
            rng = random.Random(f"{self.seed}/{step}/{tries}")
            record = self.store.pick(rng)
            one = page(record, side, wear(rng, record, smallest) if self.worn else Wear(), step)
            asked = questions(one, rng)
            count = collections.Counter(q.family for q in asked)
            share = {family: self.weights[family] / n**0.6 for family, n in count.items()}
            asked.sort(key=lambda q: rng.random() ** (1 / share[q.family]), reverse=True)
            tries += 1
            plain = not {"kv", "table", "bar"} & count.keys() and rng.random() > self.plain
            if (plain or len(asked) < self.fewest) and tries < 50:
                continue
            asked = [requested(rng, q) for q in asked]
            packs.append(pack(one, asked, self.codec, self.shape, self.low, self.zoom, self.patch))
            pixels.append(torch.from_numpy(one.pixels.copy()))
            targets.append(page_targets(one, self.low, self.zoom) if self.dense else {})
        stacked = lambda of: {k: torch.from_numpy(np.stack([p[k] for p in of])) for k in of[0]}
        return torch.stack(pixels), stacked(packs), stacked(targets)
