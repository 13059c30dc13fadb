"""Pages say what they show, whatever is done to them; questions ask what is answered there."""

import dataclasses
import random

import numpy as np
import pytest

from pages import colors, drawings
from pages.content import Content
from pages.page import Wear, page, wear
from pages.records import Store, Writer
from questions.context import number
from questions.question import SYNONYMS, chosen
from vision.targets import CHARACTER_ID, CLASSES, IGNORE, dense_targets, page_targets

WEARS = {
    "as drawn": Wear(),
    "cropped": Wear(crop=(100, 50, 500, 300)),
    "turned": Wear(turn=1.2),
    "photographed": Wear(margin=0.1, jpeg=60),
    "both": Wear(crop=(0, 0, 300, 400), turn=-0.8, noise=3),
    "inverted": Wear(invert=True),
}


@pytest.mark.parametrize("kind", WEARS)
def test_every_character_is_drawn_where_it_is_said_to_be(record, kind):
    one = page(record, 1008, WEARS[kind], 3)
    assert one.pixels.shape == (1008, 1008, 3)
    dark = seen = 0
    for run in one.runs:
        for c, (x, y) in zip(run.text, run.spots) if run else ():
            if c == " ":
                continue
            value = one.pixels[min(1007, int(y)), min(1007, int(x))].mean()
            dark += value > 128 if kind == "inverted" else value < 128
            seen += 1
    assert seen > 40 and dark == seen


def test_what_is_cut_off_is_not_asked_about(record):
    from questions.make import questions

    one = page(record, 672, Wear(crop=(0, 0, 230, 400)))  # INV-204 is cut in two
    assert one.runs[2] is None or not one.runs[2].whole
    answers = {q.answer for q in questions(one, random.Random(1))}
    assert "INV-204" not in answers and "Orders" in answers and "12.50" in answers


def test_wear_is_a_function_of_its_numbers(record):
    first, again = (wear(random.Random(4), record, 9.5) for _ in range(2))
    assert first == again
    kinds = {dataclasses.astuple(wear(random.Random(i), record, 9.5)) for i in range(50)}
    assert len(kinds) > 20 and dataclasses.astuple(Wear()) in kinds


def test_fields_are_asked_by_their_names_and_by_others(asked):
    of = {a: [t.lower() for t, q in asked.items() if q.answer == a and q.family == "kv"] for a in ("INV-204", "12 May 2024")}
    assert any("invoice no" in t for t in of["INV-204"])
    assert any("due date" in t for t in of["12 May 2024"])
    assert any(any(s.lower() in t for s in SYNONYMS["due date"]) for t in of["12 May 2024"])


def test_rows_and_columns_are_not_mixed_up(asked):
    cells = {("lamp", "price"): "12.50", ("chair", "kind"): "home", ("spade", "price"): "9.90"}
    for (row, column), answer in cells.items():
        of = [q for t, q in asked.items() if q.family == "table" and row in t.lower() and column in t.lower()]
        assert of and all(q.answer == answer for q in of)
    most = [q.answer for t, q in asked.items() if q.family == "bar" and ("highest" in t or "most" in t)]
    assert most and set(most) == {"Chair"}
    same = [q.answer for t, q in asked.items() if q.family == "count" and "home" in t]
    assert same and set(same) == {"2"}


def test_states_and_colours_are_answered(asked):
    yes = {q.answer for t, q in asked.items() if "wi-fi" in t.lower() and (" on" in t or "enabled" in t) and q.family == "exist" and "off" not in t and "listed" not in t and "entry" not in t}
    assert "yes" in yes
    assert {q.answer for t, q in asked.items() if "green button" in t} == {"Save"}


def test_what_is_asked_for_by_place_is_there(asked):
    """A copied answer's spots spell it; its first one lies in its box."""
    copied = [q for q in asked.values() if q.spots]
    assert len(copied) > 20
    for q in copied:
        assert len(q.spots) == len(q.answer)
        assert any(b[0] - 2 <= q.spots[0][0] <= b[2] + 2 and b[1] - 2 <= q.spots[0][1] <= b[3] + 2 for b in q.target)


def test_dense_targets_spell_the_page_under_zoom(record):
    one = page(record, 1344)
    targets = dense_targets(one, 96)
    spelled = sorted(c for cell in targets["slots"].reshape(-1, 4) for c in cell if c > 0)
    wanted = sorted(CHARACTER_ID[c] for r in one.runs for c in r.text if c != " ")
    assert spelled == wanted
    few = dense_targets(one, 96, clear=1.5)["slots"]
    asked = (few != IGNORE).all(2)
    assert (few == targets["slots"])[asked].all() and 0 < (few > 0).sum() < (targets["slots"] > 0).sum()
    header = targets["header"][tuple(int(v / 14) for v in reversed(one.runs[5 + 4].spots[0]))]
    assert header[0] != IGNORE
    whole = page_targets(one, 24, 4)
    assert all(len(whole[name]) == 24**2 + 96**2 for name in CLASSES)


def test_colours_have_the_names_that_they_are_drawn_by():
    rng, names = random.Random(1), 0
    for name in colors.NAMES:
        for _ in range(200):
            found = colors.color_name(colors.sample(rng, name))
            assert found in (name, None)
            names += found == name
    assert names > 0.9 * 200 * len(colors.NAMES)


def test_content_is_a_function_of_its_seed_and_shapes_are_drawn():
    makers = "person company date time money email phone filename version address".split()
    filled = lambda seed: [getattr(content, m)() for content in (Content(seed),) for m in makers]
    assert filled("x 1") == filled("x 1") != filled("x 2")
    assert all("<svg" in drawings.shape(s, "#123456", 20) for s in drawings.SHAPES)


@pytest.mark.parametrize("text, value", [
    ("$1,272.51", 1272.51), ("14.6 MB", 14.6), ("1.234,50 €", 1234.5), ("-3 %", -3), ("83,900", 83900), ("07:30", None), ("none", None)])
def test_numbers_are_read_as_people_write_them(text, value):
    assert number(text) == value


def test_a_pattern_stands_for_all_of_its_texts():
    found = {chosen(random.Random(i), "[a|b|] c[?|]") for i in range(60)}
    assert found == {"a c?", "b c?", "c?", "a c", "b c", "c"}


def test_a_store_gives_back_what_was_put_in(record, tmp_path):
    writer = Writer(tmp_path, "a", 2)
    for _ in range(3):
        writer.add(record)
    writer.close()
    store = Store(tmp_path)
    assert len(store) == 3 and store[2] == record
    assert np.asarray(store.pick(random.Random(1)).picture()).shape == (400, 600, 3)
