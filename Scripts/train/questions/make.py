"""Questions and answers about a page, in the words people use."""

import random

from pages.page import Page
from questions import boards, closed, fields, items
from questions.context import Context
from questions.question import Question


def questions(page: Page, rng: random.Random) -> list[Question]:
    """All kinds of questions about the page; of several with the same words and different answers,
    none."""
    about = Context(page, rng)
    asked: list[Question] = []
    for maker in (fields.questions, boards.questions, items.questions, closed.questions):
        asked += maker(about)
    answers: dict[str, set] = {}
    for q in asked:
        answers.setdefault(q.text.lower().rstrip("?. "), set()).add(q.answer.lower())
    out, seen = [], set()
    for q in asked:
        text = q.text.lower().rstrip("?. ")
        if len(answers[text]) == 1 and text not in seen and q.answer.strip():
            seen.add(text)
            out.append(q)
    return out + closed.choices(about, out)
