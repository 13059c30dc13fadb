"""The second check asks what it drew, once; its pages come from programs that a test does without."""

import random

import pytest
from PIL import Image

from check import charts, documents, graphs, labels, scenes, sheet, terminals, windows

FAMILIES = {"kv", "table", "title", "read", "attr", "count", "exist", "rel", "bar"}
MODULES = (charts, graphs, scenes, labels, documents, terminals, windows)
MAKERS = [(module, maker) for module in MODULES for maker, _ in module.MAKERS]


class NoScreen:
    def shoot(self, *_, **__):
        return Image.new("RGB", (40, 30), "gray")


@pytest.fixture
def undrawn(monkeypatch):
    """No program runs; every picture is a small one."""
    for module in (sheet, *MODULES):
        if hasattr(module, "run"):
            monkeypatch.setattr(module, "run", lambda *_, **__: None)
        if hasattr(module, "opened"):
            monkeypatch.setattr(module, "opened", lambda _: Image.new("RGB", (200, 200), "gray"))
    monkeypatch.setattr(labels, "file_of", str)


@pytest.mark.parametrize("module, maker", MAKERS, ids=[m.__name__ for _, m in MAKERS])
def test_questions_have_one_answer_and_say_no_more_than_was_drawn(undrawn, tmp_path, module, maker):
    for seed in range(25):
        folder = tmp_path / str(seed)
        folder.mkdir()
        page = maker(random.Random(seed), folder, *([NoScreen()] if module in (terminals, windows) else []))
        assert len(page.asked) >= 3
        for family, question, answer in page.asked:
            assert family in FAMILIES and question.endswith("?") and answer == answer.strip() != ""
            assert (answer in ("yes", "no")) == (family == "exist")
            assert family != "count" or answer.isdigit()
        questions = [q for _, q, _ in page.asked]
        assert len(set(questions)) == len(questions)


def test_there_are_a_hundred_pages():
    assert sum(count for module in MODULES for _, count in module.MAKERS) == 100


def test_nothing_is_drawn_in_a_font_of_training():
    from pages.looks import HELD, families

    known = families()
    assert not {f for kind in ("sans", "serif", "mono") for f in known[kind]} & set(HELD)
    assert {sheet.font(random.Random(i), mono) for i in range(40) for mono in (False, True)} <= set(HELD)
