"""The vocabulary of the generated pages (vocabulary.toml) and random values of many types.

`WORDS` is the closed vocabulary of the dense word targets; everything else on a page is open."""

import pathlib
import random
import string
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


APOSTROPHES = ["'", "'", "’"]


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


def code(rng: random.Random) -> str:
    upper, digits = string.ascii_uppercase, string.digits
    return rng.choice(
        [
            lambda: (
                letters(rng, rng.randint(2, 3), upper)
                + rng.choice(["-", "", " "])
                + letters(rng, rng.randint(3, 6), digits)
            ),
            lambda: letters(rng, rng.randint(4, 9), digits),
            lambda: (
                rng.choice(["INV", "ORD", "PO", "REF", "TX", "ID", "SN", "CUS", "BK"])
                + "-"
                + letters(rng, rng.randint(3, 6), digits)
            ),
            lambda: (
                f"{rng.randint(2015, 2030)}{rng.choice(['-', '/'])}{letters(rng, rng.randint(2, 5), digits)}"
            ),
            lambda: letters(rng, rng.randint(4, 8), upper + digits),
            lambda: "#" + letters(rng, rng.randint(2, 6), digits),
            lambda: rng.choice(upper) + str(rng.randint(1, 99)),
            lambda: f"{rng.randint(1, 60)}{rng.choice('ABCDEF')}",
            lambda: (
                letters(rng, 3, digits)
                + "-"
                + letters(rng, 3, digits)
                + rng.choice(["", "-" + letters(rng, rng.randint(2, 4), digits)])
            ),
            lambda: letters(rng, rng.randint(3, 8), "0123456789abcdef"),
            lambda: (  # as British and Canadian postcodes, number plates, seats
                letters(rng, rng.randint(1, 3), upper)
                + letters(rng, rng.randint(1, 3), digits)
                + rng.choice([" ", " ", "-"])
                + letters(rng, rng.randint(0, 2), digits)
                + letters(rng, rng.randint(1, 3), upper)
            ),
        ]
    )()


def date(rng: random.Random) -> str:
    y, m, d = rng.randint(1985, 2035), rng.randint(1, 12), rng.randint(1, 28)
    month = (
        title_case(PERIODS[m - 1])
        if rng.random() < 0.6
        else title_case(PERIODS[11 + m] if m < 5 else "May" if m == 5 else PERIODS[10 + m])
    )
    return rng.choice(
        [
            f"{y}-{m:02d}-{d:02d}",
            f"{d:02d}/{m:02d}/{y}",
            f"{m:02d}/{d:02d}/{y}",
            f"{d}.{m}.{y}",
            f"{d:02d}.{m:02d}.{y}",
            f"{d} {month} {y}",
            f"{month} {d}, {y}",
            f"{month} {y}",
            f"{m}/{d}/{y % 100:02d}",
        ]
    )


def money(rng: random.Random, sign: str | None = None) -> str:
    whole = int(10 ** rng.uniform(0, 4.4))
    sign = rng.choice(["$", "$", "", "€", "£", " USD", " EUR", " €"]) if sign is None else sign
    text = f"{whole:,}" if rng.random() < 0.6 else str(whole)
    text += rng.choices([f".{rng.randint(0, 99):02d}", ""], [4, 1])[0]
    return text + sign if sign[:1] == " " else sign + text


def count(rng: random.Random) -> str:
    n = int(10 ** rng.uniform(0, 4.5)) if rng.random() < 0.5 else rng.randint(0, 120)
    return f"{n:,}" if rng.random() < 0.5 else str(n)


def clock(rng: random.Random) -> str:
    h, m = rng.randint(0, 23), rng.choice([0, 15, 30, 45, rng.randint(0, 59)])
    return rng.choice(
        [
            f"{h:02d}:{m:02d}",
            f"{h % 12 or 12}:{m:02d} {'AM' if h < 12 else 'PM'}",
            f"{h % 12 or 12}:{m:02d}{'am' if h < 12 else 'pm'}",
        ]
    )


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
        return f"{owner}{rng.choice(APOSTROPHES)}s {rng.choice([rng.choice(TITLES), rng.choice(COMMON)])}"
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


def value(rng: random.Random, kind: str) -> str:
    """A made-up value of a type named in `TYPED_KEYS` or `COLUMNS`."""
    match kind:
        case "code":
            return code(rng)
        case "date":
            return date(rng)
        case "money":
            return money(rng)
        case "name":
            return (
                person(rng) if rng.random() < 0.9 else rng.choice(FIRST) + str(rng.randint(1, 99))
            )
        case "count":
            return count(rng)
        case "percent":
            return rng.choice(
                [
                    f"{rng.randint(0, 100)}%",
                    f"{rng.uniform(0, 100):.1f}%",
                    f"{rng.randint(0, 100)} %",
                    f"{rng.choice('+-')}{rng.uniform(0, 30):.1f}%",
                ]
            )
        case "measure":
            return (
                rng.choice(
                    [
                        str(rng.randint(1, 999)),
                        f"{rng.uniform(0, 100):.1f}",
                        f"{rng.uniform(0, 10):.2f}",
                    ]
                )
                + rng.choice([" ", " ", ""])
                + rng.choice(UNITS)
            )
        case "time":
            return clock(rng)
        case "email":
            return (
                rng.choice(
                    [
                        rng.choice(FIRST),
                        pseudo_word(rng, rng.randint(3, 7)),
                        rng.choice(FIRST)[0] + "." + rng.choice(LAST),
                        rng.choice(FIRST) + rng.choice("._") + rng.choice(string.ascii_lowercase),
                        rng.choice(COMMON),
                        rng.choice(COMMON),
                        rng.choice(["info", "support", "sales", "contact", "admin", "office"]),
                    ]
                )
                + "@"
                + rng.choice(
                    [
                        rng.choice(DOMAINS),
                        *(
                            name.lower().replace(" ", "")
                            + rng.choice([".com", ".com", ".org", ".net", ".io", ".co", ".co.uk", ".de"])
                            for name in (
                                pseudo_word(rng, rng.randint(4, 9)),
                                rng.choice(GENERAL),
                                rng.choice(COMMON),
                                rng.choice(LAST),
                            )
                        ),
                    ]
                )
            )
        case "phone":
            return rng.choice(
                [
                    f"{rng.randint(200, 999)}-{rng.randint(100, 999)}-{rng.randint(0, 9999):04d}",
                    f"+{rng.randint(1, 99)} "
                    + " ".join(
                        letters(rng, rng.randint(2, 4), string.digits)
                        for _ in range(rng.randint(2, 4))
                    ),
                    f"({rng.randint(200, 999)}) {rng.randint(100, 999)}-{rng.randint(0, 9999):04d}",
                    f"0{letters(rng, 9, string.digits)}",
                    rng.choice(["0", "+"])
                    + rng.choice(" -. ").join(
                        letters(rng, rng.randint(2, 4), string.digits)
                        for _ in range(rng.randint(3, 5))
                    ),
                ]
            )
        case "url":
            return (
                rng.choice(["www.", "", "https://"])
                + pseudo_word(rng, rng.randint(4, 8))
                + rng.choice([".com", ".org", ".net", ".io", ".de"])
            )
        case "place":
            return (
                cased(rng, rng.choice(PLACES))
                if rng.random() < 0.8
                else title_case(pseudo_word(rng, rng.randint(5, 9)))
            )
        case "address":
            return (
                f"{rng.randint(1, 999)}"
                f" {title_case(rng.choice([rng.choice(LAST), rng.choice(GENERAL), pseudo_word(rng, 6)]))}"
                f" {title_case(rng.choice(STREETS))}"
            )
        case "zone":
            hours = rng.randint(0, 12)
            offset = f"{rng.choice('+-')}{hours:02d}:{rng.choice(['00', '00', '00', '30', '45'])}"
            return rng.choice(
                [
                    rng.choice(["UTC", "GMT", "UTC "]) + offset,
                    f"{rng.choice(['UTC', 'GMT'])}{offset[0]}{hours}",
                    offset,
                    rng.choice(["UTC", "GMT", "CET", "EST", "PST", "IST", "JST", "AEST"]),
                    f"Europe/{title_case(rng.choice(PLACES))}",
                ]
            )
        case "bool":
            return rng.choice(
                [
                    ("Yes", "No"),
                    ("On", "Off"),
                    ("Enabled", "Disabled"),
                    ("yes", "no"),
                    ("true", "false"),
                    ("YES", "NO"),
                ]
            )[rng.randint(0, 1)]
        case "status":
            return cased(rng, rng.choice(ADJECTIVES[5:24]))
        case "version":
            return f"{rng.randint(0, 20)}.{rng.randint(0, 20)}" + rng.choice(
                [
                    "",
                    f".{rng.randint(0, 30)}",
                    "-beta",
                    f".{rng.randint(0, 9)}.{rng.randint(0, 999)}",
                ]
            )
        case "year":
            return str(rng.randint(1950, 2030))
        case "decimal":
            return f"{rng.uniform(0, 10):.1f}"
        case "grade":
            return rng.choice(["A", "B", "C", "D", "F", "A+", "A-", "B+", "B-", "C+"])
        case "color":
            return cased(rng, rng.choice(list(COLORS)))
        case _:
            return phrase(rng)


def any_value(rng: random.Random) -> str:
    return value(
        rng,
        rng.choice(
            [
                "code",
                "code",
                "date",
                "money",
                "name",
                "count",
                "percent",
                "measure",
                "time",
                "email",
                "phone",
                "place",
                "word",
                "word",
                "version",
                "url",
            ]
        ),
    )
