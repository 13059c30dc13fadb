"""What a question is, and the phrasings it is put in (phrasings.toml)."""

import dataclasses
import pathlib
import random
import re
import tomllib

import words
from pages.canvas import Box


SHORT = "Answer the question using a single word or phrase."
LETTER = "Answer with the option's letter from the given choices directly."


@dataclasses.dataclass
class Question:
    family: str
    text: str
    answer: str
    target: list[Box]  # the answer and what points at it
    search: list[Box]  # everything that has to be looked through
    answer_run: int = -1  # the run that is copied, if any
    key: tuple[float, float] | None = None  # a point on what points at the answer
    closed: bool = False  # the answer is a word of a small set rather than a copy


def _phrasings(entries: list[str]) -> list[str]:
    """ "3x text" stands for three of them."""
    parts = [re.match(r"(?:(\d+)x )?(.*)", entry).groups() for entry in entries]
    return [text for count, text in parts for _ in range(int(count or 1))]


_file = tomllib.loads((pathlib.Path(__file__).parent / "phrasings.toml").read_text())
BY_TYPE = {kind: _phrasings(entries) for kind, entries in _file.pop("typed").items()}
TEMPLATES = {kind: _phrasings(entries) for kind, entries in _file.items()}


def voice(rng: random.Random, text: str) -> str:
    """Some people do not use capitals or question marks."""
    kind = rng.random()
    if kind < 0.15:
        text = text[:1].lower() + text[1:]
    if kind > 0.93:
        text = text.rstrip("?.")
    return text


def named(rng: random.Random, template: str, names: dict[str, str]) -> str:
    names = {
        k: words.title_case(v) if k in ("key", "row", "column") and rng.random() < 0.2 else v
        for k, v in names.items()
    }
    return voice(
        rng,
        template.format(
            **names, Key=(names.get("key") or "?")[:1].upper() + (names.get("key") or "?")[1:]
        ),
    )


def requested(rng: random.Random, q: Question) -> Question:
    """Now and then with the request that benchmarks add (LLaVA's scripts, MagnifierBench's)."""
    if q.family == "choice" and rng.random() < 0.6:
        text = re.sub(r",? ([ABCD]\. )", r"\n\1", q.text) + "\n" + LETTER
    elif q.family != "choice" and rng.random() < 0.35:
        text = f"{q.text}\n{SHORT}"
    else:
        text = q.text
    return dataclasses.replace(q, text=text)


def center(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
