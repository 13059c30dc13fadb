"""The pages and what is asked about them say what they show."""

import random

import numpy as np
import pytest

from asking import Question, center
from crops import Crops
from dense_targets import CHARACTERS, CLASSES, IGNORE, crop, dense_targets, page_targets
from pages.canvas import Canvas
from pages.compose import make_theme, page
from pages.forms import draw_rows
from pages.layouts import column
from pages.tables import draw_columns, table
from questions import questions
from values import of_kind
from words import COLUMNS, printed


def test_a_page_is_a_function_of_seed_and_index():
    first, again, other = (page(3, i, 336) for i in (5, 5, 6))
    assert (first.pixels == again.pixels).all()
    assert first.facts == again.facts
    assert (first.pixels != other.pixels).any()


def test_characters_lie_in_their_boxes(pages):
    for one in pages:
        for run in one.runs:
            if run.text:
                assert len(run.centers) == len(run.text)
                assert run.box[0] - 1 <= run.centers[0] and run.centers[-1] <= run.box[2] + 1
                assert run.box[1] <= run.y <= run.box[3]


def test_a_column_too_narrow_for_text_stays_empty():
    rng = random.Random(1)
    canvas = Canvas(rng, 400, 400, make_theme(rng, 40.0))
    column(canvas, (100, 20, 99, 380), 1.0)
    assert not canvas.runs and not canvas.panels


def test_a_label_is_printed_whole_or_shorter():
    rng = random.Random(2)
    number = {printed(rng, "invoice number") for _ in range(100)}
    assert {"invoice number", "invoice", "invoice no."} <= number
    assert all(text.startswith("invoice") for text in number)
    assert {printed(rng, "number") for _ in range(20)} == {"number"}


def test_text_is_not_background(pages):
    """Where a character is said to be, the page is not of one colour (allowing for thin, pale or
    degraded writing in one of ten)."""
    plain = total = 0
    for one in pages:
        for run in one.runs:
            for c, x in zip(run.text, run.centers):
                if c.isalnum() and 10 < x < 494 and 10 < run.y < 494 and run.size > 8:
                    y, x = int(run.y), int(x)
                    total += 1
                    plain += np.ptp(one.pixels[y - 4 : y + 4, x - 4 : x + 4].astype(int)) < 20
    assert total > 500 and plain < total / 10


def test_places_of_shapes_are_where_the_answers_say():
    """Of one shape on the page, in halves and in thirds of it, and of two to each other."""
    axis = {"left": (0, -1), "right": (0, 1), "top": (1, -1), "bottom": (1, 1)}
    axis |= {"above": axis["top"], "below": axis["bottom"]}
    rng = random.Random(4)
    rows, columns = {"top": 0, "middle": 1, "bottom": 2}, {"left": 0, "center": 1, "right": 2}
    alone = pairs = thirds = 0
    for i in range(12):
        shown = page(12, i, 1008, scenes=0.5)
        for q in questions(shown, rng):
            if q.family == "rel" and q.text.startswith("Where "):
                row, column = ("middle " + q.answer).split()[-2:]
                x, y = center(q.target[0])
                longest = max(shown.width, shown.height)
                shares = (
                    0.5 + (at / 1008 - 0.5) * longest / extent
                    for at, extent in ((y, shown.height), (x, shown.width))
                )
                assert [int(3 * share) for share in shares] == [rows[row], columns[column]]
                thirds += 1
            elif q.family == "rel" and q.answer in axis:
                one = center(q.target[0])
                other = center(q.target[1]) if len(q.target) > 1 else (504, 504)
                side, sign = axis[q.answer]
                assert (one[side] - other[side]) * sign > 0
                alone, pairs = alone + (len(q.target) == 1), pairs + (len(q.target) == 2)
    assert alone > 5 and pairs > 5 and thirds > 5


def test_some_pages_show_shapes_alone():
    scenes = [page(15, i, 336, scenes=1.0) for i in range(10)]
    assert all(len(one.shapes) > 1 for one in scenes)
    assert {run.role for one in scenes for run in one.runs} == {"legend"}


def test_kinds_of_few_labels_are_drawn_as_often_as_others():
    """E-mail addresses are one label in a hundred, and stand in one form of three."""
    rng = random.Random(15)
    canvas = Canvas(rng, 400, 400, make_theme(rng, 14))
    forms = [draw_rows(canvas, 12) for _ in range(200)]
    assert all(len({label for label, *_ in form}) > 3 for form in forms)
    assert sum(any("@" in text for *_, text in form) for form in forms) > 55


def test_slots_spell_the_runs(pages):
    for one in pages:
        dense = dense_targets(one, 36, legible=1)
        shown = sum(c in CHARACTERS for r in one.runs for c in r.text)
        assert (dense["slots"] > 0).sum() <= shown
        assert (dense["slots"] != IGNORE).any()


def test_crops_ignore_what_they_do_not_show(pages):
    dense = dense_targets(pages[1], 36)
    cut = crop(dense, slice(10, 18), slice(10, 18))
    assert cut["slots"].shape == (8, 8, 4) and "label_span" not in cut
    assert (cut["label"] != IGNORE).sum() <= (dense["label"][10:18, 10:18] != IGNORE).sum()


def test_targets_of_a_page_lie_where_its_features_do(pages):
    """Of the low view's patches, then of the high view's; a crop knows only of itself."""
    of = page_targets(pages[1], 12, 3)
    assert all(array.shape == (12 * 12 * 10, CLASSES[name][0]) for name, array in of.items())
    middle = crop(dense_targets(pages[1], 36), slice(12, 24), slice(24, 36))
    for name, array in of.items():
        assert (array[144:].reshape(36, 36, -1)[12:24, 24:36] == middle[name]).all()


@pytest.mark.parametrize("whole", [0.0, 1.0])
def test_patches_of_a_step_come_with_their_own_targets(whole):
    """Written patches are not of one colour, and a step of some patches costs as much as one of
    whole crops."""
    phase = {"tokens": 64, "whole": whole, "pages": 8, "crops": 2, "full": 0.0}
    config = {
        "geometry": {"low": 224, "zoom": 3, "patch": 14},
        "pretrain": {"ease": [9, 9, 1], "phases": [phase]},
    }
    patches, targets, places = Crops(config, 1)[0]
    count, tokens = places.shape
    assert (count, tokens) == ((2 * 3, 256) if whole else (8 * 3, 64))
    assert patches.shape == (count, tokens, 588) and (places.diff(dim=1) > 0).all()
    assert all(len(of) == count * tokens for of in targets.values())
    written = targets["slots"][:, 0] > 0
    contrast = (patches.amax(2).int() - patches.amin(2)).flatten()
    assert written.sum() > 50 and (contrast[written] > 20).float().mean() > 0.9


def test_answers_that_are_copied_stand_where_they_say(pages):
    for one in pages:
        asked: list[Question] = questions(one, random.Random(1))
        for q in asked:
            if q.answer_run >= 0:
                assert one.runs[q.answer_run].text == q.answer
            assert "{" not in q.text and q.text.strip()


def test_tables_have_heads_of_all_kinds_with_values_of_their_type():
    heads = [draw_columns(random.Random(seed), 4) for seed in range(100)]
    assert all(1 <= len(of) <= 4 for of in heads)
    known = sum(head in COLUMNS for of in heads for head in of)
    assert 0.5 < known / sum(map(len, heads)) < 0.8
    assert all(of_kind(random.Random(0), kind) for of in heads for kind in of.values())


def test_the_cells_of_a_row_lie_side_by_side():
    for seed in range(150):
        rng = random.Random(seed)
        canvas = Canvas(rng, 900, 500, make_theme(rng, 14))
        table(canvas, (20, 20, 880, 480))
        rows: dict[float, list] = {}
        for run in canvas.runs:
            rows.setdefault(run.y, []).append((run.box[0], run.box[2]))
        for row in rows.values():
            edges = [x for box in sorted(row) for x in box]
            assert edges == sorted(edges) and edges[0] >= 20 and edges[-1] <= 881
