"""What a question is, and the phrasings it is put in (phrasings.toml, synonyms.toml)."""

import dataclasses
import pathlib
import random
import re
import tomllib

from pages.page import Box, Point

SHORT = "Answer the question using a single word or phrase."
LETTER = "Answer with the option's letter from the given choices directly."
_here = pathlib.Path(__file__).parent
PHRASINGS = tomllib.loads((_here / "phrasings.toml").read_text())
SYNONYMS = {
    key: text.split("|") for key, text in tomllib.loads((_here / "synonyms.toml").read_text()).items()
}


@dataclasses.dataclass
class Question:
    family: str
    text: str
    answer: str
    target: list[Box]  # the answer and what points at it
    search: list[Box]  # everything that has to be looked through
    spots: list[Point] | None = None  # where each character of a copied answer stands
    key: Point | None = None  # where what points at the answer begins
    closed: bool = False  # the answer is a word of a small set rather than a copy
    also: Point | None = None  # what else does: the head of a column, a label's last word, the other thing


def chosen(rng: random.Random, pattern: str) -> str:
    """One of the texts that a pattern stands for: "[a|b|] c" is "a c", "b c" or "c"."""
    text = re.sub(r"\[([^\[\]]*)\]", lambda m: rng.choice(m[1].split("|")), pattern)
    return re.sub(r"\s+", " ", text).strip().replace(" .", ".").replace(" ?", "?")


def phrased(rng: random.Random, kind: str, /, **names: str) -> str:
    """A question of a kind about these names."""
    pattern = chosen(rng, rng.choice(PHRASINGS[kind]))
    if "key" in names:
        names["Key"] = names["key"][:1].upper() + names["key"][1:]
    return voice(rng, pattern.format(**names))


def voice(rng: random.Random, text: str) -> str:
    """Some people do not use capitals or question marks, some are polite."""
    kind = rng.random()
    if kind < 0.12:
        text = text[:1].lower() + text[1:]
    elif kind < 0.16:
        text = text.lower()
    elif kind > 0.93:
        text = text.rstrip("?.")
    elif kind > 0.915:
        text = rng.choice(["Please tell me: ", "Tell me, ", "I would like to know: ", "Look at the picture. ", "According to the image, "]) + text[:1].lower() + text[1:]
    return text


def asked_as(rng: random.Random, label: str) -> str:
    """A label as somebody asks for it: as printed, in small letters, or by a synonym."""
    key = label.strip().rstrip(" :.").strip()
    known = SYNONYMS.get(key.lower())
    if known and rng.random() < 0.4:
        return rng.choice(known[: rng.randint(1, len(known))])
    acronym = any(w.isupper() and len(w) < 5 for w in key.split()) or any(c.isdigit() for c in key)
    return key.lower() if not acronym and rng.random() < 0.7 else key


def requested(rng: random.Random, q: Question) -> Question:
    """Now and then with the request that benchmarks add (LLaVA's scripts, MagnifierBench's)."""
    if q.family == "choice" and rng.random() < 0.6:
        text = re.sub(r",? ([ABCD]\. )", r"\n\1", q.text) + "\n" + LETTER
    elif q.family != "choice" and rng.random() < 0.35:
        text = f"{q.text}\n{SHORT}"
    else:
        text = q.text
    return dataclasses.replace(q, text=text)


def center(box: Box) -> Point:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
