"""What pages are filled with: `r` of the templates. A pure function of its seed."""

import random
import re

from faker import Faker

from pages import colors, drawings, english

LOCALES = (
    ["en_US"] * 6 + ["en_GB"] * 5 + ["en_CA", "en_AU", "en_IE", "de_DE", "de_DE", "fr_FR", "es_ES"]
    + ["it_IT", "nl_NL", "pt_BR", "sv_SE", "da_DK", "pl_PL", "fi_FI", "no_NO", "cs_CZ"]
)
CURRENCIES = [
    ("$", "", 6), ("€", "", 2), ("", " €", 3), ("£", "", 4), ("", " kr", 1), ("CHF ", "", 1),
    ("US$", "", 1), ("", " EUR", 1), ("", " USD", 1), ("", "", 3), ("¥", "", 1), ("", " zł", 0.5),
]
MONTHS = (
    "January February March April May June July August September October November December".split()
)
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DEPARTMENTS = (
    "Sales|Marketing|Finance|Legal|Design|Engineering|Support|Human Resources|Operations|Research|IT|"
    "Logistics|Purchasing|Quality|Training|Security|Facilities|Communications|Production|Maintenance|"
    "Accounts|Catering|Radiology|Pharmacy|Admissions|Archive|Press|Planning|Payroll|Data"
).split("|")
_fakers: dict[str, Faker] = {}


def _latin(text: str) -> bool:
    return all(ord(c) < 0x180 for c in text)


class Content:
    """Random content. One currency, one way to write dates and numbers, one locale a page."""

    def __init__(self, seed):
        self.rng = rng = random.Random(f"content {seed}")
        self.locale = rng.choice(LOCALES)
        if self.locale not in _fakers:
            _fakers[self.locale] = Faker(self.locale)
        self.fake, self.english = _fakers[self.locale], _fakers.setdefault("en_US", Faker("en_US"))
        seed = rng.getrandbits(48)
        self.fake.seed_instance(seed)
        self.english.seed_instance(seed)
        before, after, _ = rng.choices(CURRENCIES, [c[2] for c in CURRENCIES])[0]
        self.before, self.after = before, after
        foreign = after in (" €", " EUR", " zł", " kr") and rng.random() < 0.5
        self.point, self.group = (",", rng.choice([".", " ", ""])) if foreign else (
            ".", rng.choice([",", ",", ",", ""]))
        self.date_style = rng.randrange(12)
        self.time_style = rng.choices(["24", "12", "12s"], [6, 3, 1])[0]
        self.base_year = rng.choice([2019, 2021, 2022, 2023, 2024, 2024, 2025, 2025, 2026])

    # Choosing
    def pick(self, of): return self.rng.choice(list(of))
    def some(self, of, n):
        of = list(of)
        return self.rng.sample(of, max(0, min(n, len(of))))
    def shuffled(self, of): return self.some(of, len(list(of)))
    def int(self, a, b): return self.rng.randint(int(a), int(b))
    def float(self, a, b): return self.rng.uniform(a, b)
    def chance(self, p): return self.rng.random() < p

    # People and places
    def _short(self, make, longest=26):
        for _ in range(8):
            text = make().replace("\n", ", ")
            if len(text) <= longest and _latin(text):
                return text
        return self.last()
    def first(self): return self.fake.first_name() if _latin(self.fake.first_name()) else "Nora"
    def last(self):
        name = self.fake.last_name()
        return name if _latin(name) and len(name) < 16 else self.name_thing()
    def person(self):
        style = self.rng.random()
        first, last = self.first(), self.last()
        return f"{first[0]}. {last}" if style < 0.08 else f"{first} {last}"
    def company(self):
        style = self.rng.random()
        if style < 0.4:
            return self._short(self.fake.company, 24)
        name = self.pick([self.name_thing, self.last, lambda: self.word().capitalize()])()
        return f"{name} {self.pick(english.COMPANY_ENDS)}"
    def city(self): return self._short(self.fake.city, 18)
    def country(self): return self._short(self.english.country, 18)
    def street(self): return self._short(self.fake.street_address, 24)
    def postcode(self): return self._short(self.fake.postcode, 12)
    def address(self): return f"{self.street()}, {self.city()} {self.postcode()}"
    def email(self):
        name = re.sub(r"[^a-z.]", "", self.pick(
            [f"{self.first()}.{self.last()}", f"{self.first()[0]}{self.last()}", self.word(), "info",
             "office", self.first()]).lower()) or "mail"
        return f"{name}@{self.domain()}"
    def domain(self):
        a = re.sub(r"[^a-z]", "", self.pick([self.name_thing(), self.word(), self.last()]).lower()) or "site"
        b = self.pick(["", "", self.word(), "-" + self.word()])
        return f"{a}{b}"[:18].strip("-") + self.pick([".com", ".com", ".org", ".net", ".io", ".co.uk", ".de", ".eu", ".example", ".dev", ".shop"])
    def url(self): return f"{self.pick(['www.', 'https://', ''])}{self.domain()}/{self.pick(['', self.word(), self.word()])}".rstrip("/")
    def phone(self):
        return self.pick([
            lambda: self.code("(###) 555-####"), lambda: self.code("+1 ### 555 ####"),
            lambda: self.code("+44 20 #### ####"), lambda: self.code("0#### ######"),
            lambda: self.code("+49 ## #######"), lambda: self.code("###-###-####"),
            lambda: self.code("0# ## ## ## ##"), lambda: self.code("### ### ###")])()

    # Words
    def word(self): return self.rng.choice(english.WORDS)
    def words(self, n): return " ".join(self.word() for _ in range(int(n)))
    def sentence(self): return self.rng.choice(english.SENTENCES)
    def paragraph(self, n=3): return " ".join(self.sentence() for _ in range(int(n)))
    def title(self):
        n = self.rng.choice([1, 2, 2, 3, 3, 4])
        words = [self.word() for _ in range(n)]
        if n > 2 and self.chance(0.5):
            words.insert(self.int(1, n - 1), self.pick(["of", "and", "for", "in", "to", "with", "the", "&"]))
        text = " ".join(words)
        return self.pick([text.title(), text.capitalize(), text.capitalize()])
    def name_thing(self): return english.invented(self.rng)
    def product(self): return f"{self.pick(english.ADJECTIVES)} {self.pick(english.GOODS)}".capitalize()
    def food(self): return self.pick(english.FOODS)
    def plant(self): return self.pick(english.PLANTS)
    def animal(self): return self.pick(english.ANIMALS)
    def job(self): return self._short(lambda: self.pick(english.JOBS), 24)
    def department(self): return self.pick(DEPARTMENTS)

    # Numbers
    def _grouped(self, text):
        whole, _, rest = text.partition(".")
        sign, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
        parts = []
        while len(whole) > 3 and self.group:
            parts.insert(0, whole[-3:])
            whole = whole[:-3]
        text = sign + self.group.join([whole] + parts)
        return text + (self.point + rest if rest else "")
    def number(self, a=1, b=9999): return self._grouped(str(self.int(a, b)))
    def decimal(self, a, b, digits=1): return self._grouped(f"{self.float(a, b):.{int(digits)}f}")
    def amount(self, x, digits=2): return self.before + self._grouped(f"{x:.{int(digits)}f}") + self.after
    def money(self, a=1, b=500):
        x = self.float(a, b)
        x = self.pick([round(x, 2), round(x) - 0.01 if x > 2 else x, round(x * 2) / 2])
        return self.amount(max(0.05, x))
    def percent(self): return f"{self.pick([self.int(0, 100), self.int(1, 99), round(self.float(0, 100), 1)])}{self.pick(['%', '%', '%', ' %'])}"
    def size(self): return f"{self.pick([self.int(1, 990), round(self.float(1, 99), 1)])} {self.pick(['KB', 'MB', 'MB', 'GB', 'kB'])}"
    def code(self, pattern):
        out = ""
        for c in pattern:
            out += (self.pick("0123456789") if c == "#" else self.pick("ABCDEFGHJKLMNPQRSTUVWXYZ") if c == "@"
                    else self.pick("abcdefghijklmnopqrstuvwxyz") if c == "x" else c)
        return out
    def version(self): return self.pick(["v", "", "", "Version "]) + ".".join(str(self.int(0, m)) for m in self.pick([(9, 20), (12, 30, 9), (6, 12, 40)]))
    def iban(self): return self.code(self.pick(["DE## #### #### #### #### ##", "GB## @@@@ #### #### #### ##", "FR## #### #### ####", "NL## @@@@ #### #### ##"]))
    def filename(self):
        stem = self.pick([self.word(), self.word() + "_" + self.word(), self.word() + "-" + str(self.int(1, 40)),
                          self.word().capitalize() + " " + self.word(), self.word() + str(self.int(2018, 2026)), "IMG_" + self.code("####"), "scan" + self.code("###")])
        return stem + self.pick([".pdf", ".txt", ".docx", ".xlsx", ".png", ".jpg", ".zip", ".csv", ".md", ".py", ".mp3", ".pptx", ".html", ".json"])

    # Time
    def day(self): return self.int(1, 28), self.int(1, 12), self.base_year + self.pick([0, 0, 0, 0, -1, 1])
    def date(self):
        d, m, y = self.day()
        name, short = MONTHS[m - 1], MONTHS[m - 1][:3]
        return [
            f"{d} {name} {y}", f"{d} {short} {y}", f"{name} {d}, {y}", f"{short} {d}, {y}", f"{d:02}/{m:02}/{y}",
            f"{m:02}/{d:02}/{y}", f"{y}-{m:02}-{d:02}", f"{d:02}.{m:02}.{y}", f"{d:02} {short.upper()} {y}",
            f"{d:02}-{short}-{y % 100:02}", f"{d}/{m}/{y % 100:02}", f"{d}. {name} {y}"][self.date_style]
    def weekday(self): return self.pick(WEEKDAYS)
    def month(self): return self.pick(MONTHS)
    def year(self): return str(self.int(1900, 2027) if self.chance(0.1) else self.int(2008, 2027))
    def clock(self, minutes):
        h, m = int(minutes) // 60 % 24, int(minutes) % 60
        if self.time_style == "24":
            return f"{h:02}:{m:02}"
        return f"{(h + 11) % 12 + 1}:{m:02} {'AM' if h < 12 else 'PM'}" if self.time_style == "12" else f"{(h + 11) % 12 + 1}:{m:02}{'am' if h < 12 else 'pm'}"
    def time(self): return self.clock(self.int(0, 287) * 5 if self.chance(0.7) else self.int(0, 1439))
    def duration(self):
        return self.pick([f"{self.int(1, 59)} min", f"{self.int(1, 12)} h {self.int(1, 59)} min", f"{self.int(1, 9)}:{self.int(0, 59):02}",
                          f"{self.int(2, 48)} hours", f"{self.int(2, 30)} days", f"{self.int(1, 12)}h {self.int(1, 59)}m"])

    # Colours and drawings
    def color(self): return self.pick(colors.NAMES)
    def css(self, name): return colors.css(colors.sample(self.rng, name))
    def on(self, name): return "#111" if name in ("yellow", "white", "pink", "cyan", "orange") else "#fff"
    def icon(self, color=None, shape=None): return drawings.icon(self.rng, color and self.css(color), shape)
    def shape_svg(self, shape, color, size): return drawings.shape(shape, self.css(color), size)
    def photo(self, w, h): return drawings.photo(self.rng, w, h)
    def avatar(self, name, color): return drawings.avatar(name, self.css(color), self.on(color))
    def barcode(self): return drawings.barcode(self.rng)
    def qr(self): return drawings.qr(self.rng)
    def spark(self): return drawings.spark(self.rng)
