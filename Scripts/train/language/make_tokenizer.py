"""Trains the SentencePiece model on generated questions: merges for questions, one piece per
character for copied answers.

python make_tokenizer.py --out OUT/tokenizer.model"""

import argparse
import pathlib
import random
import tempfile

import sentencepiece

import asking
import words
from dense_targets import CHARACTERS
from pages.compose import page
from questions import UNANSWERABLE, questions


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pieces", type=int, default=2048)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--seed", type=int, default=4242)
    a = parser.parse_args()
    rng = random.Random(a.seed)
    lines = []
    for i in range(a.pages):
        for q in questions(page(a.seed, i, 400), rng):
            lines += [q.text] + ([f"\n{q.answer}"] if q.closed else [])
    lines += [asking.SHORT, asking.LETTER] * 400
    phrases = (
        [k for k, _ in words.KEYS]
        + words.FOODS
        + words.GOODS
        + words.PLACES
        + words.SERIES
        + list(words.COLUMNS)
        + words.BUTTONS
        + words.MENUS
        + words.SIGNS
        + words.TITLES
    )
    lines += [f"What is the {p}?" for p in phrases for _ in range(4)] + [
        f"Is there a {words.title_case(p)} button?" for p in phrases for _ in range(2)
    ]
    lines += [
        w
        for w in list(words.COLORS)
        + words.SHAPES
        + ["left", "right", "above", "below", "yes", "no", UNANSWERABLE]
        for _ in range(400)
    ]
    lines += [rng.choice(words.GENERAL) for _ in range(4000)] + [f"{w}" for w in words.GENERAL[::8]]
    with tempfile.TemporaryDirectory() as folder:
        text = pathlib.Path(folder, "questions.txt")
        text.write_text("\n".join(line.strip("\n") for line in lines))
        sentencepiece.SentencePieceTrainer.train(
            input=str(text),
            model_prefix=str(pathlib.Path(folder, "t")),
            vocab_size=a.pieces,
            model_type="bpe",
            byte_fallback=True,
            split_digits=True,
            character_coverage=1.0,
            normalization_rule_name="identity",
            add_dummy_prefix=True,
            remove_extra_whitespaces=False,
            required_chars=CHARACTERS,
            minloglevel=2,
            num_threads=1,
        )
        model = pathlib.Path(folder, "t.model").read_bytes()
    pathlib.Path(a.out).write_bytes(model)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    missing = [c for c in CHARACTERS if pieces.piece_to_id(c) == pieces.unk_id()]
    if missing:
        raise SystemExit(f"characters without a piece of their own: {missing}")
    print(
        pieces.vocab_size(),
        pieces.encode("What is the invoice number?\n", out_type=str),
        pieces.encode("What does the red button say?\nunanswerable", out_type=str),
    )


if __name__ == "__main__":
    main()
