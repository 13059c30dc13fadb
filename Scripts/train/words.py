"""The vocabulary of the generated pages (vocabulary.toml), names, titles and made-up words.

`WORDS` is the closed vocabulary of the dense word targets; everything else on a page is open."""

import pathlib
import random
import tomllib


def _split(text: str) -> list[str]:
    return [entry.strip() for entry in text.replace("\n", " ").split("|")]


_file = tomllib.loads((pathlib.Path(__file__).parent / "vocabulary.toml").read_text())
_lists = {name: _split(text) for name, text in _file["lists"].items()}
FOODS, GOODS, PLACES, PERIODS = (_lists[n] for n in ("foods", "goods", "places", "periods"))
SERIES, BUTTONS, MENUS, SIGNS = (_lists[n] for n in ("series", "buttons", "menus", "signs"))
TITLES, FIRST, LAST, ADJECTIVES = (_lists[n] for n in ("titles", "first", "last", "adjectives"))
SHAPES, QUESTION_WORDS = _lists["shapes"], _lists["question_words"]
STREETS, DOMAINS, UNITS = (_lists[n] for n in ("streets", "domains", "units"))
TYPED_KEYS = {
    kind: _split(text) for kind, text in _file["keys"].items()
}  # type of the value -> labels
KEYS = [(key, kind) for kind, keys in TYPED_KEYS.items() for key in keys]
COLUMNS = {column: kind for kind, text in _file["columns"].items() for column in _split(text)}
COLORS = {
    "red": (208, 38, 42),
    "green": (40, 158, 62),
    "blue": (38, 84, 212),
    "yellow": (242, 212, 38),
    "orange": (245, 138, 28),
    "purple": (130, 52, 172),
    "pink": (248, 140, 184),
    "brown": (128, 80, 42),
    "black": (22, 22, 22),
    "white": (250, 250, 250),
    "gray": (132, 132, 132),
    "cyan": (48, 192, 216),
}

def _dictionary(name: str) -> list[str]:
    listed = pathlib.Path("/usr/share/dict", name).read_text(encoding="latin-1").split()
    return [w for w in listed if 2 <= len(w) <= 11 and w.isascii() and w.isalpha() and w.islower()]


GENERAL = _dictionary("words")
COMMON = _dictionary("scowl/english-words.10") * 2 + _dictionary("scowl/english-words.20")
_phrases = [key for key, _ in KEYS] + list(COLUMNS) + list(COLORS)
_phrases += [
    e for n, entries in _lists.items() if n not in ("streets", "domains", "units") for e in entries
]
WORDS = sorted({word for phrase in _phrases for word in phrase.split()})
WORD_ID = {w: i + 1 for i, w in enumerate(WORDS)}  # 0 = a word outside the vocabulary

SHORTER = {
    "number": ["", "", " no.", " no", " #", " nr"],
    "date": [""],
    "time": [""],
    "name": [""],
    "code": [""],
    "address": [""],
    "amount": [""],
}  # last words of labels -> what is printed in their place

ACCENTS = {
    "a": "aàáâäãå",
    "e": "eéèêë",
    "i": "iíîï",
    "o": "oóôöõø",
    "u": "uúü",
    "c": "cç",
    "n": "nñ",
}


def letters(rng: random.Random, n: int, alphabet: str) -> str:
    return "".join(rng.choice(alphabet) for _ in range(n))


def title_case(text: str) -> str:
    return " ".join(w[:1].upper() + w[1:] for w in text.split(" "))


def cased(rng: random.Random, text: str) -> str:
    """One of the ways software capitalises a label."""
    return rng.choices(
        [title_case(text), text[:1].upper() + text[1:], text.upper(), text], [5, 3, 2, 1]
    )[0]


def english(rng: random.Random, count: int) -> str:
    """So many words in a row: half of the texts of common words, which pages mostly consist of."""
    text = " ".join(rng.choices(COMMON if rng.random() < 0.5 else GENERAL, k=count))
    if count > 1 and rng.random() < 0.08:
        text = text.replace(" ", rng.choice(["'s ", "’s ", "-", " & ", " and ", " of ", " in "]), 1)
    return text


def pseudo_word(rng: random.Random, n: int) -> str:
    """A pronounceable word that is in no dictionary."""
    word = ""
    while len(word) < n:
        word += rng.choice(
            [
                "b",
                "c",
                "d",
                "f",
                "g",
                "h",
                "j",
                "k",
                "l",
                "m",
                "n",
                "p",
                "qu",
                "r",
                "s",
                "t",
                "v",
                "w",
                "x",
                "z",
                "st",
                "tr",
                "ch",
                "sh",
                "pl",
                "br",
            ]
        )
        word += rng.choice(["a", "e", "i", "o", "u", "ai", "ee", "an", "or", "in", "el", "y", "ou"])
    word = word[:n]
    return "".join(rng.choice(ACCENTS.get(c, c)) for c in word) if rng.random() < 0.08 else word


def person(rng: random.Random) -> str:
    last = rng.choice(LAST) if rng.random() < 0.7 else pseudo_word(rng, rng.randint(4, 8))
    return rng.choice(
        [
            f"{title_case(rng.choice(FIRST))} {title_case(last)}",
            f"{title_case(rng.choice(FIRST))} {title_case(last)}",
            f"{rng.choice(FIRST)[0].upper()}. {title_case(last)}",
            f"{title_case(last)}, {title_case(rng.choice(FIRST))}",
            title_case(rng.choice(FIRST)),
            f"{rng.choice(['Dr.', 'Mr.', 'Ms.', 'Mrs.'])} {title_case(last)}",
        ]
    )


def company(rng: random.Random) -> str:
    name = [rng.choice(LAST), rng.choice(GENERAL), pseudo_word(rng, rng.randint(4, 8))]
    first, second = rng.sample(name, 2)
    suffix = rng.choice(
        ["Ltd", "Inc.", "GmbH", "& Sons", "& Co.", "Group", "Bakery", "Cafe", "Store", "Market"]
        + ["Hotel", "Services", "Tools", "Farm", "Foods", "Studio", "Clinic", "Books", "Outfitters"]
    )
    return rng.choice(
        [
            f"{title_case(first)} {suffix}",
            f"{title_case(first)} {title_case(second)}",
            f"{title_case(first)} {title_case(second)} {suffix}",
        ]
    )


def printed(rng: random.Random, key: str) -> str:
    """A label as it is printed: "invoice number" is also "invoice no.", "invoice #", "invoice"."""
    what, _, last = key.rpartition(" ")
    if not what or last not in SHORTER or rng.random() < 0.4:
        return key
    return what + rng.choice(SHORTER[last])


def titled(rng: random.Random) -> str:
    """The title of a page or of a window: a usual one, whose it is, or what is about to happen."""
    kind = rng.random()
    if kind < 0.6:
        return rng.choice(TITLES)
    if kind < 0.75:
        owner = rng.choice([rng.choice(FIRST), rng.choice(PERIODS), rng.choice(COMMON)])
        owned = owner + rng.choice("''’") + "s"
        return f"{owned} {rng.choice([rng.choice(TITLES), rng.choice(COMMON)])}"
    if kind < 0.9:
        what = rng.choice([rng.choice(GOODS), rng.choice(MENUS), rng.choice(COMMON)])
        return f"{rng.choice(BUTTONS)} {rng.choice(['', '', 'this ', 'the '])}{what}?"
    return english(rng, rng.choice([2, 3])) + rng.choice(["", "", "!", "..."])


def phrase(rng: random.Random) -> str:
    kind = rng.random()
    if kind < 0.35:
        text = rng.choice(ADJECTIVES)
    elif kind < 0.55:
        text = english(rng, rng.choice([1, 1, 2, 2, 3]))
    elif kind < 0.7:
        text = pseudo_word(rng, rng.randint(4, 9))
    else:
        text = rng.choice(rng.choice([GOODS, FOODS, SERIES, PLACES, SIGNS, MENUS]))
    return cased(rng, text)
