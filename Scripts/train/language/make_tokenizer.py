"""Trains the SentencePiece model on questions about drawn pages: merges for questions, one piece
per character for copied answers.

python -m language.make_tokenizer --store STORE --out tokenizer.model"""

import argparse
import pathlib
import random
import tempfile

import sentencepiece

from pages.page import page
from pages.records import Store
from questions.closed import UNANSWERABLE
from questions.make import questions
from questions.question import requested
from vision.targets import CHARACTERS

CLOSED = ["left", "right", "above", "below", "yes", "no", UNANSWERABLE]


def lines(store: Store, count: int, rng: random.Random) -> list[str]:
    """Questions, and answers of small sets, each on a line of its own."""
    out = [word for word in CLOSED for _ in range(400)]
    for _ in range(count):
        for q in questions(page(store.pick(rng), 336), rng):
            out += [requested(rng, q).text] + ([q.answer] if q.closed else [])
    return [part for line in out for part in line.split("\n") if part]


def train(text: str, pieces: int) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "questions.txt")
        path.write_text(text)
        sentencepiece.SentencePieceTrainer.train(
            input=str(path),
            model_prefix=str(pathlib.Path(folder, "t")),
            vocab_size=pieces,
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
        return pathlib.Path(folder, "t.model").read_bytes()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--pieces", type=int, default=2048)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--seed", type=int, default=4242)
    a = parser.parse_args()
    text = "\n".join(lines(Store(a.store, "a-*.zip"), a.pages, random.Random(a.seed)))
    model = train(text, a.pieces)
    pathlib.Path(a.out).write_bytes(model)
    pieces = sentencepiece.SentencePieceProcessor(model_proto=model)
    missing = [c for c in CHARACTERS if pieces.piece_to_id(c) == pieces.unk_id()]
    if missing:
        raise SystemExit(f"characters without a piece of their own: {missing}")
    print(pieces.vocab_size(), pieces.encode("What is the invoice number?\n", out_type=str))


if __name__ == "__main__":
    main()
