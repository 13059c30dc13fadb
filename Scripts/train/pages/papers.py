"""Letters, reports and spreadsheets that LibreOffice and LaTeX set, as records: PDFium tells where
every character of the PDF stands, we know what was written."""

import ctypes
import html
import io
import pathlib
import random
import subprocess
import tempfile

import pypdfium2
import pypdfium2.raw as pdfium

from pages import looks
from pages.content import Content
from pages.records import Record
from questions.question import chosen

HEADS = {
    "Price": lambda c: c.money(1, 400), "Quantity": lambda c: str(c.int(1, 90)), "Date": lambda c: c.date(),
    "City": lambda c: c.city(), "Owner": lambda c: c.person(), "Code": lambda c: c.code("@@-###"), "Status": lambda c: c.pick(["open", "closed", "paid", "late", "new", "done"]),
    "Weight": lambda c: f"{c.int(1, 60)} kg", "Room": lambda c: c.code("@##"), "Score": lambda c: str(c.int(1, 100)), "Phone": lambda c: c.phone(),
    "Team": lambda c: c.department(), "Start": lambda c: c.time(), "Rate": lambda c: c.percent(), "Stock": lambda c: c.number(0, 2000), "Email": lambda c: c.email(),
}
ROWS = {
    "item": lambda c: c.product(), "person": lambda c: c.person(), "company": lambda c: c.company(), "city": lambda c: c.city(),
    "plant": lambda c: c.plant().capitalize(), "project": lambda c: c.name_thing(), "dish": lambda c: c.food().capitalize(),
}
FIELDS = {
    "reference": ("Our ref.|Reference|Ref.", lambda c: c.code("@@/####"), "What is the reference[| number]?|Which reference does the letter carry?"),
    "date": ("Date|Date of letter", lambda c: c.date(), "When was [the letter|this] written?|What is the date of the letter?|Which date is on the letter?"),
    "customer number": ("Customer no.|Client no.", lambda c: c.code("#####"), "What is the customer number?|Which customer number is given?"),
    "contact": ("Contact|Your contact", lambda c: c.person(), "Who is the contact?|Whom can one contact?"),
    "phone": ("Telephone|Phone", lambda c: c.phone(), "What is the phone number?|Which number can be called?"),
    "deadline": ("Deadline|Please reply by", lambda c: c.date(), "What is the deadline?|By when is a reply wanted?"),
    "amount": ("Amount|Amount due|Sum", lambda c: c.money(10, 4000), "What is the amount?|How much is to be paid?"),
    "account": ("Account|IBAN", lambda c: c.iban(), "Which account is given?|What is the account number?"),
}


class Paper:
    """What is written on a page and what is asked about it: texts are found again by themselves."""

    def __init__(self, seed):
        self.rng, self.content = random.Random(f"paper {seed}"), Content(f"paper {seed}")
        self.asked: list[tuple[str, str]] = []  # a pattern and the text that answers it
        self.pairs: list[tuple[str, str]] = []  # label, value
        self.tables: list[tuple[list[str], list[list[str]]]] = []

    def table(self) -> tuple[list[str], list[list[str]]]:
        rng, c = self.rng, self.content
        of, make = rng.choice(sorted(ROWS.items()))
        heads = [of.capitalize()] + rng.sample(sorted(HEADS), rng.randint(2, 5))
        names = list(dict.fromkeys(make(c) for _ in range(rng.randint(4, 14))))
        rows = [[name] + [HEADS[h](c) for h in heads[1:]] for name in names]
        self.tables.append((heads, rows))
        return heads, rows

    def fields(self, count: int) -> list[tuple[str, str]]:
        out = []
        for key in self.rng.sample(sorted(FIELDS), count):
            labels, make, patterns = FIELDS[key]
            label, value = self.rng.choice(labels.split("|")), make(self.content)
            self.asked += [(p, value) for p in _patterns(patterns)]
            self.pairs.append((label, value))
            out.append((label, value))
        return out

    def letter(self) -> list[tuple]:
        """Blocks: (kind, content)."""
        c, rng = self.content, self.rng
        sender, to, subject, signed = c.company(), c.person(), c.title(), c.person()
        self.asked += [("Who sent [the letter|this]?", sender), ("Which company wrote the letter?", sender), ("To whom is the letter addressed?", to),
                       ("Who is the letter to?", to), ("What is the letter about?", subject), ("What is the subject?", subject), ("Who signed the letter?", signed)]
        body = [("p", c.paragraph(rng.randint(1, 3))) for _ in range(rng.randint(1, 3))]
        middle = [("table", self.table())] if rng.random() < 0.4 else [("list", [c.sentence() for _ in range(3)])] if rng.random() < 0.4 else []
        return ([("head", sender), ("p", c.address()), ("p", to), ("p", c.street()), ("fields", self.fields(rng.randint(2, 5))), ("bold", subject)]
                + body + middle + [("p", rng.choice(["Kind regards", "Yours sincerely", "Best wishes", "With kind regards"])), ("p", signed)])

    def report(self) -> list[tuple]:
        c, rng = self.content, self.rng
        title, author = c.title(), c.person()
        self.asked += [("What is the title of the [report|document|paper]?", title), ("Who [wrote the report|is the author|is named below the title]?", author)]
        out = [("title", title), ("p", author)]
        for i in range(rng.randint(1, 4)):
            out += [("head", f"{i + 1} {c.title()}"), ("p", c.paragraph(rng.randint(2, 5)))]
            if rng.random() < 0.5:
                out.append(("table", self.table()) if rng.random() < 0.6 else ("list", [c.words(rng.randint(2, 5)) for _ in range(rng.randint(3, 6))]))
        return out

    def facts(self, runs: list[dict]) -> list[dict]:
        where: dict[str, list[int]] = {}
        for i, run in enumerate(runs):
            where.setdefault(run["t"], []).append(i)
        one = lambda text: where[text][0] if len(where.get(text, ())) == 1 else None
        out = []
        by_answer: dict[str, list[str]] = {}
        for pattern, answer in self.asked:
            by_answer.setdefault(answer, []).append(chosen(self.rng, pattern))
        for answer, questions in by_answer.items():
            if (at := one(answer)) is not None:
                out.append(dict(k="q", qs=questions, a=[at], A=None, b=runs[at]["b"]))
        for label, value in self.pairs:
            l, v = one(label) if one(label) is not None else one(label + ":"), one(value)
            if l is not None and v is not None:
                out.append(dict(k="pair", kind="dl", l=[l], a=[v], b=runs[v]["b"]))
        for t, (heads, rows) in enumerate(self.tables):
            out += self.cells(runs, where, t, heads, rows)
        return out

    @staticmethod
    def cells(runs, where, t: int, heads: list[str], rows: list[list[str]]) -> list[dict]:
        """Cells are found by their text, in the row and the column of names that stand once."""
        out, columns = [], [where.get(h, []) for h in heads]
        for j, row in enumerate(rows):
            name = where.get(row[0], [])
            if len(name) != 1:
                continue
            for i in range(1, len(heads)):
                beside = [k for k in where.get(row[i], []) if abs(runs[k]["y"] - runs[name[0]]["y"]) < runs[k]["s"]]
                if len(beside) == 1 and len(columns[i]) == 1:
                    out.append(dict(k="cell", t=t, row=name, j=j, i=i, col=columns[i], a=beside, b=runs[beside[0]]["b"], h=runs[columns[i][0]]["b"],
                                    r=runs[name[0]]["b"], ask=[], whose=[], max=[], min=[], of=heads[0].lower()))
        return out


def _patterns(text: str) -> list[str]:
    """Patterns set apart by bars that are not in brackets."""
    out, depth, start = [], 0, 0
    for i, c in enumerate(text + "|"):
        depth += (c == "[") - (c == "]")
        if c == "|" and not depth:
            out.append(text[start:i])
            start = i + 1
    return out


def as_html(blocks: list[tuple], rng: random.Random) -> str:
    font, size, e = looks.family(rng, rng.choice(["sans", "sans", "serif"])), rng.choice([9, 10, 11, 12]), html.escape
    border = rng.choice(["border=1", "border=0", "border=1"])
    cell = lambda v, tag="td": f"<{tag}>{e(v)}</{tag}>"
    out = []
    for kind, of in blocks:
        if kind == "table":
            heads, rows = of
            out.append(f"<table {border} cellpadding=3><tr>" + "".join(cell(h, "th") for h in heads) + "</tr>"
                       + "".join("<tr>" + "".join(map(cell, r)) + "</tr>" for r in rows) + "</table><br>")
        elif kind == "fields":
            out.append("<table border=0>" + "".join(f"<tr><td>{e(l)}{rng.choice(['', ':'])}</td><td>{e(v)}</td></tr>" for l, v in of) + "</table>")
        elif kind == "list":
            out.append("<ul>" + "".join(f"<li>{e(v)}</li>" for v in of) + "</ul>")
        else:
            tag = {"title": "h1", "head": "h2", "bold": "b", "p": "p"}[kind]
            out.append(f"<{tag}>{e(of)}</{tag}>" + ("<br>" if tag == "b" else ""))
    return f"<html><head><meta charset=utf-8><style>body,td,th,p{{font-family:'{font}';font-size:{size}pt}}</style></head><body>{''.join(out)}</body></html>"


def as_latex(blocks: list[tuple], rng: random.Random) -> str:
    special = {c: "\\" + c for c in "&%$#_{}"} | {"~": "\\textasciitilde{}", "^": "\\^{}", "\\": "\\textbackslash{}", "€": "\\texteuro{}", "£": "\\pounds{}"}
    e = lambda text: "".join(special.get(c, c) for c in text)
    out = [rf"\documentclass[{rng.choice(['10pt', '11pt', '12pt'])},a4paper]{{article}}\usepackage[utf8]{{inputenc}}\usepackage[T1]{{fontenc}}\usepackage{{textcomp,lmodern}}",
           rng.choice([r"\usepackage{palatino}", r"\usepackage{helvet}\renewcommand\familydefault{\sfdefault}", r"\usepackage{times}", "", "", r"\usepackage{bookman}"]),
           r"\usepackage[margin=2.2cm]{geometry}\pagestyle{empty}\begin{document}"]
    for kind, of in blocks:
        if kind == "table":
            heads, rows = of
            bars = rng.choice(["", "|"])
            line = r"\hline "
            out.append(rf"\begin{{tabular}}{{{bars}{bars.join('l' * len(heads))}{bars}}}{line}" + " & ".join(map(e, heads)) + rf"\\{line}"
                       + r"\\ ".join(" & ".join(map(e, r)) for r in rows) + rf"\\{line}\end{{tabular}}" + "\n\n")
        elif kind == "fields":
            out.append(r"\begin{tabular}{ll}" + "".join(rf"{e(l)} & {e(v)}\\" for l, v in of) + r"\end{tabular}" + "\n\n")
        elif kind == "list":
            out.append(r"\begin{itemize}" + "".join(rf"\item {e(v)}" for v in of) + r"\end{itemize}")
        else:
            out.append({"title": rf"{{\LARGE\bfseries {e(of)}}}", "head": rf"{{\large\bfseries {e(of)}}}", "bold": rf"\textbf{{{e(of)}}}", "p": e(of)}[kind] + "\n\n")
    return "\n".join(out) + r"\end{document}"


def _run(*command: str, folder: str) -> None:
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def to_pdf(paper: Paper, kind: str, folder: str) -> pathlib.Path:
    """`kind` is writer, calc or latex."""
    rng = paper.rng
    if kind == "latex":
        pathlib.Path(folder, "a.tex").write_text(as_latex(rng.choice([paper.letter, paper.report])(), rng))
        _run("pdflatex", "-interaction=batchmode", "a.tex", folder=folder)
        return pathlib.Path(folder, "a.pdf")
    blocks = [("head", paper.content.title())] * (rng.random() < 0.5) + [("table", paper.table())] if kind == "calc" else rng.choice([paper.letter, paper.report])()
    pathlib.Path(folder, "a.html").write_text(as_html(blocks, rng))
    app = ["--infilter=HTML (StarCalc)"] if kind == "calc" else ["--writer"]
    _run("soffice", "--headless", *app, "--convert-to", "pdf", "a.html", folder=folder)
    return pathlib.Path(folder, "a.pdf")


def runs_of(text, height: float, scale: float) -> list[dict]:
    """The characters of a PDF page as strings on lines; a gap wider than an em begins another."""
    runs, last = [], None
    for i in range(text.count_chars()):
        c = text.get_text_range(i, 1)
        left, bottom, right, top = text.get_charbox(i)
        if c in "\r\n" or right <= left and c != " ":
            last = None if c in "\r\n" else last
            continue
        size = pdfium.FPDFText_GetFontSize(text, i)
        base = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, i, *base)
        if last and (abs(base[1].value - last["base"]) > 0.4 * size or left - last["right"] > 0.9 * size or left < last["right"] - size):
            last = None
        if not last:
            if c == " ":
                continue
            r, g, b, a = (ctypes.c_uint() for _ in range(4))
            pdfium.FPDFText_GetFillColor(text, i, r, g, b, a)
            last = dict(t="", x=[], y=round((height - base[1].value - 0.3 * size) * scale, 1), s=round(size * scale, 1),
                        b=[left, 0, right, 0], c=[r.value, g.value, b.value], g=[255, 255, 255], role="body", skip=0, base=base[1].value, size=size)
            runs.append(last)
        last["t"] += c
        last["x"].append(round((left + right) / 2 * scale, 1))
        last["right"] = last["b"][2] = right
    for run in runs:
        text_ = run["t"].rstrip()
        run["t"], run["x"] = text_, run["x"][: len(text_)]
        base, size = run.pop("base"), run.pop("size")
        run.pop("right", None)
        run["b"] = [round(v * scale, 1) for v in (run["b"][0], height - base - 0.8 * size, run["b"][2], height - base + 0.25 * size)]
    return [r for r in runs if r["t"]]


def record(seed) -> Record:
    paper = Paper(seed)
    rng = paper.rng
    kind = rng.choice(["writer", "calc", "calc", "latex"])
    with tempfile.TemporaryDirectory() as folder:
        document = pypdfium2.PdfDocument(to_pdf(paper, kind, folder).read_bytes())
    page = document[0]
    width, height = page.get_size()
    scale = rng.choice([100, 110, 130, 150]) / 72
    image = page.render(scale=scale).to_pil().convert("RGB")
    runs = runs_of(page.get_textpage(), height, scale)
    bottom = max((r["b"][3] for r in runs), default=image.height) + rng.uniform(5, 60)
    if bottom < image.height and rng.random() < 0.75:
        image = image.crop((0, 0, image.width, round(bottom)))
    out = io.BytesIO()
    image.save(out, "PNG")
    return Record(out.getvalue(), image.width, image.height, runs, [], [], paper.facts(runs), f"{kind}#{seed}")
