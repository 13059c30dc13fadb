"""What an accessible tree says becomes what can be asked. The trees are of one window, as GTK and Qt told
them: its open menu hides a tab and the label of a switch, GTK's table is higher than its place."""

import io
import json
import pathlib
import random

import pytest
from PIL import Image, ImageDraw

from pages.page import page
from pages.widgets import job_of
from pages.widgets.tree import lines, record_of
from pages.widgets.windows import Windows
from questions.make import questions

TREES = json.loads((pathlib.Path(__file__).parent / "windows.json").read_text())


def nodes(tree: dict):
    yield tree
    for child in tree["of"]:
        yield from nodes(child)


@pytest.fixture(params=TREES)
def window(request):
    """The window, drawn as a bar for every character; the open menu lies over the rest."""
    trees = TREES[request.param]
    image = Image.new("RGB", (520, 560), "white")
    pen = ImageDraw.Draw(image)
    for tree in trees:
        pen.rectangle(tree["b"], fill="white")
        for node in nodes(tree):
            if node["role"] == "push button" and node["name"] == "Apply":
                pen.rectangle(node["b"], fill=(40, 158, 62))
        for node in nodes(tree):
            for c, b in zip(node.get("t", ""), node.get("chars", [])):
                if c.strip() and b[2] - b[0] > 2:
                    pen.rectangle([b[0] + 1, b[1] + 4, b[2] - 2, b[3] - 4], fill="black")
    out = io.BytesIO()
    image.save(out, "PNG")
    return record_of(out.getvalue(), trees, request.param, "Orders")


def told(record, kind: str) -> list[dict]:
    return [f for f in record.facts if f["k"] == kind]


def said(record, numbers: list[int]) -> str:
    return " ".join(record.runs[i]["t"] for i in numbers).rstrip(":")


def test_fields_and_states_are_those_of_the_window(window):
    pairs = {said(window, f["l"]): said(window, f["a"]) for f in told(window, "pair")}
    below = {"Email": "a@bee.org"} if window.source == "gtk" else {}  # Qt's menu reaches over it
    assert pairs == {"Theme": "Dark"} | below  # what is secret is not asked for
    checks = {said(window, f["l"]): (f["kind"], f["on"]) for f in told(window, "check")}
    assert checks == {"Up": ("radio", 0), "Down": ("radio", 1), "Wrap": ("checkbox", 0)}
    buttons = {said(window, f["a"]): (f["own"], f["disabled"]) for f in told(window, "button")}
    assert buttons == {"Apply": (1, 0), "Undo": (0, 1)}


def test_cells_know_their_row_and_column_and_hidden_rows_are_not_counted(window):
    cells = {(said(window, f["row"]), said(window, f["col"])): said(window, f["a"]) for f in told(window, "cell")}
    assert cells[("a.txt", "Size")] == "3 KB" and cells[("b.txt", "Size")] == "5 KB"
    assert [f["n"] for f in told(window, "rows")] == ([] if window.source == "gtk" else [3])
    assert ("row", "b.txt") in [(f["kind"], said(window, f["a"])) for f in told(window, "selected")]


def test_what_a_menu_covers_is_not_there(window):
    texts = [r["t"] for r in window.runs]
    assert {"New", "Open…", "Quit", "File", "Help"} <= set(texts)
    assert "Wi-Fi" not in texts and "List" not in texts
    assert [said(window, e) for e in told(window, "list")[0]["entries"]] == ["New", "Open…", "Quit"]
    assert told(window, "heading")[0]["level"] == "h1" and said(window, told(window, "heading")[0]["a"]) == "Orders"


def test_questions_are_asked_about_it(window):
    asked = {q.text.lower(): q.answer for i in range(30) for q in questions(page(window, 672), random.Random(i))}
    assert any("theme" in text and answer == "Dark" for text, answer in asked.items())
    assert any("green button" in text and answer == "Apply" for text, answer in asked.items())


def test_lines_leave_out_what_has_no_box():
    gone = [-(2**31), -(2**31), -(2**31) + 5, -(2**31) + 9]
    chars = [[0, 0, 5, 10], [5, 0, 10, 10], [0, 0, 0, 0], [0, 12, 5, 22], [5, 12, 9, 22], gone]
    assert [text for text, _ in lines("ab\nc d", chars)] == ["ab", "c"]


def test_windows_are_a_function_of_their_seed():
    assert Windows(7).window() == Windows(7).window() != Windows(8).window()
    assert len({Windows(i).window()["kind"] for i in range(120)}) == 17
    assert job_of(3, False) == job_of(3, False) != job_of(4, False)
