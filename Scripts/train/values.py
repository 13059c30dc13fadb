"""Random values of many types: codes, dates, money, addresses, times."""

import random
import string

from words import (
    ADJECTIVES,
    COLORS,
    COMMON,
    DOMAINS,
    FIRST,
    GENERAL,
    LAST,
    PERIODS,
    PLACES,
    STREETS,
    UNITS,
    cased,
    letters,
    person,
    phrase,
    pseudo_word,
    title_case,
)


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


def of_kind(rng: random.Random, kind: str) -> str:
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


def of_any_kind(rng: random.Random) -> str:
    return of_kind(
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
