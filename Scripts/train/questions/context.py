"""What the makers of questions need to know about a page."""

import random
import re

from pages.colors import color_name
from pages.page import Box, Page, Point
from questions.question import center

LONGEST = 32  # characters of an answer that is copied
CLOSED = set(
    "yes no left right above below red green blue yellow orange purple pink brown black white gray cyan".split()
) | {str(i) for i in range(0, 21)}


EMPTY = set("a an and are at by does for how in is it many much of on or the to value what which who".split())


class Seen:
    """Names that earlier pages had, by kind: what may be asked about and not be there."""

    def __init__(self, most: int = 400):
        self.most, self.names = most, {}

    def add(self, kind: str, name: str) -> None:
        names = self.names.setdefault(kind, [])
        if len(names) < self.most:
            names.append(name)
        else:
            names[hash((kind, name)) % self.most] = name

    def pick(self, rng: random.Random, kind: str) -> str | None:
        names = self.names.get(kind)
        return rng.choice(names) if names else None


SEEN = Seen()


class Context:
    def __init__(self, page: Page, rng: random.Random):
        self.page, self.rng, self.facts = page, rng, page.facts
        self.of_kind: dict[str, list[dict]] = {}
        for f in page.facts:
            self.of_kind.setdefault(f["k"], []).append(f)
        self.count: dict[str, int] = {}
        for run in page.runs:
            if run:
                name = plain(run.text)
                self.count[name] = self.count.get(name, 0) + 1
        self.words = {w.strip(".,:;!?()") for name in self.count for w in name.split()}
        self.everything = [r.box for r in page.runs if r]

    def of(self, kind: str) -> list[dict]:
        return self.of_kind.get(kind, [])

    def runs(self, numbers: list[int]) -> list | None:
        """The runs, if all of them are wholly on the page."""
        found = [self.page.runs[i] for i in numbers]
        return found if found and all(r and r.whole for r in found) else None

    def text(self, numbers: list[int]) -> str:
        """What stands there, or nothing if a part is hidden."""
        found = self.copied(numbers)
        return found[0] if found else ""

    def copied(self, numbers: list[int]) -> tuple[str, list[Point]] | None:
        """A text of one or more runs with the place of every character; None if a part is hidden."""
        found = self.runs(numbers)
        if not found:
            return None
        text, spots, last = "", [], None
        for run in found:
            if last:
                gap = run.box[0] - last.box[2]
                same = abs(run.spots[0][1] - last.spots[-1][1]) < 0.6 * max(run.size, last.size)
                if not same or gap > 0.12 * run.size:
                    text += " "
                    spots.append(last.spots[-1])
            text += run.text
            spots += run.spots
            last = run
        return text, spots

    def answer(self, numbers: list[int], longest: int = LONGEST) -> tuple[str, list[Point]] | None:
        found = self.copied(numbers)
        return found if found and 0 < len(found[0]) <= longest else None

    def ends(self, numbers: list[int]) -> tuple[Point | None, Point | None]:
        """Where a label's first and its last word begin."""
        found = self.copied(numbers)
        if not found:
            return None, None
        text = found[0].rstrip(" :.")
        return found[1][0], found[1][max(0, min(len(text) - 1, text.rfind(" ") + 1))]

    def point(self, thing: dict) -> Point:
        """Where a thing's name begins, or else its middle."""
        found = self.find(thing["name"]) if thing.get("name") else None
        return found[1][0] if found else center(thing["b"])

    def mentioned(self, question: str, answer: str) -> list:
        """At most two runs that stand once on the page and that the question names, longest first: what
        the answer has to be found by."""
        hits = []
        for run in self.page.runs:
            name = plain(run.text) if run and run.whole else ""
            if not name or self.count[name] > 1 or name == plain(answer) or name in EMPTY:
                continue
            case = re.I if len(name) > 2 else re.NOFLAG
            said = run.text.strip().rstrip(" :.")
            if found := re.search(rf"(?<!\w){re.escape(said)}(?!\w)", question, case):
                hits.append((found.span(), run))
        out: list = []
        for span, run in sorted(hits, key=lambda hit: hit[0][0] - hit[0][1]):
            if all(span[1] <= s[0] or s[1] <= span[0] for s, _ in out):
                out.append((span, run))
        return [run for _, run in out[:2]]

    def box(self, numbers: list[int]) -> Box:
        boxes = [self.page.runs[i].box for i in numbers if self.page.runs[i]]
        return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))

    def boxes(self, numbers: list[int]) -> list[Box]:
        return [self.page.runs[i].box for i in numbers if self.page.runs[i]]

    def color(self, rgb) -> str | None:
        return color_name(tuple(rgb)) if self.page.colors else None

    def find(self, text: str) -> tuple[str, list[Point], Box] | None:
        """The only run, or part of one line, that says this."""
        hits = []
        for run in self.page.runs:
            if run and run.whole and text.lower() in run.text.lower():
                at = run.text.lower().index(text.lower())
                before, after = run.text[:at][-1:], run.text[at + len(text) :][:1]
                if not before.isalnum() and not after.isalnum():
                    hits.append((run.text[at : at + len(text)], run.spots[at : at + len(text)], run.box))
        exact = [h for h in hits if h[0] == text]
        return exact[0] if exact else hits[0] if len(hits) == 1 else None


def plain(text: str) -> str:
    """A label as it is compared: in small letters, without its colon."""
    return text.lower().strip().rstrip(" :.")


def number(text: str) -> float | None:
    """The number in a text like "$1,272.50", "14.6 MB", "-3 %"; None where there is none or several."""
    found = re.findall(r"-?\d[\d.,' ]*", text.replace("−", "-"))
    if len(found) != 1 or len(text) - len(found[0]) > 6:
        return None
    digits = found[0].strip(" .,'").replace(" ", "").replace("'", "")
    if re.fullmatch(r"-?\d{1,3}([.,]\d{3})+", digits):
        digits = digits.replace(",", "").replace(".", "")
    elif "," in digits and "." in digits:
        digits = digits.replace("," if digits.rindex(".") > digits.rindex(",") else ".", "").replace(",", ".")
    else:
        digits = digits.replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return None
