"""A small page, made by hand, that needs no browser."""

import io
import random

import pytest
import torch
from PIL import Image, ImageDraw

from pages.records import Record

WHITE, BLACK, GREEN = [255, 255, 255], [0, 0, 0], [40, 158, 62]


@pytest.fixture(autouse=True)
def gradients():
    """The reference implementation, tested in the same process, switches them off."""
    with torch.enable_grad():
        yield


def run(text: str, x: float, y: float, size: float = 16, role: str = "body", ink=BLACK, ground=WHITE) -> dict:
    advance = size * 0.6
    return dict(t=text, x=[x + advance * (i + 0.5) for i in range(len(text))], y=y, s=size,
                b=[x, y - size / 2, x + advance * len(text), y + size / 2], c=ink, g=ground, role=role, skip=0)


@pytest.fixture
def record() -> Record:
    """600 x 400: a title, two fields, a table of three rows, two buttons, two switches."""
    runs = [
        run("Orders", 20, 30, 28, "title"),
        run("Invoice no.:", 20, 80, role="key"), run("INV-204", 180, 80, role="value"),
        run("Due date:", 20, 110, role="key"), run("12 May 2024", 180, 110, role="value"),
    ]
    facts = [
        dict(k="heading", level="h1", a=[0], b=runs[0]["b"], s=28),
        dict(k="pair", kind="dl", l=[1], a=[2], b=runs[2]["b"]),
        dict(k="field", key="due date", l=[3], a=[4], b=runs[4]["b"]),
        dict(k="q", qs=["Which bill is this?"], a=[2], A=None, b=runs[2]["b"]),
    ]
    heads = ["Item", "Price", "Kind"]
    rows = [["Lamp", "12.50", "home"], ["Chair", "80.00", "home"], ["Spade", "9.90", "garden"]]
    first = len(runs)
    for j, line in enumerate([heads] + rows):
        for i, text in enumerate(line):
            runs.append(run(text, 20 + 150 * i, 160 + 30 * j, role="header" if j == 0 else "cell"))
    at = lambda j, i: first + 3 * j + i
    for j in (1, 2, 3):
        for i in (1, 2):
            facts.append(dict(k="cell", t=0, row=[at(j, 0)], j=j, i=i, col=[at(0, i)], a=[at(j, i)], b=runs[at(j, i)]["b"],
                              h=runs[at(0, i)]["b"], r=runs[at(j, 0)]["b"], ask=[], whose=[], max=[], min=[], of="Item"))
    facts.append(dict(k="rows", t=0, n=3, noun="item|items", b=[10, 140, 500, 270], columns=heads))
    for text, x, color in (("Save", 20, GREEN), ("Cancel", 150, WHITE)):
        runs.append(run(text, x, 320, role="button", ground=color))
        facts.append(dict(k="button", a=[len(runs) - 1], b=[x - 8, 305, x + 80, 335], c=color, own=1, disabled=0))
    for text, y, on in (("Wi-Fi", 360, 1), ("Bluetooth", 385, 0)):
        runs.append(run(text, 300, y, role="key"))
        facts.append(dict(k="check", kind="switch", on=on, l=[len(runs) - 1], b=[460, y - 8, 490, y + 8], group=""))
    image = Image.new("RGB", (600, 400), "white")
    pen = ImageDraw.Draw(image)
    for r in runs:
        for c, x in zip(r["t"], r["x"]):
            pen.rectangle([x - 2, r["y"] - 4, x + 2, r["y"] + 4], fill="black" if c != " " else "white")
    out = io.BytesIO()
    image.save(out, "PNG")
    panels = [dict(b=[12, 305, 100, 335], c=GREEN)]
    return Record(out.getvalue(), 600, 400, runs, panels, [], facts, "hand-made")


@pytest.fixture
def asked(record):
    """Everything that is asked in 40 readings of the page: {question: answer}."""
    from pages.page import page
    from questions.make import questions

    found = {}
    for i in range(40):
        for q in questions(page(record, 672), random.Random(i)):
            found[q.text] = q
    return found
