#!/usr/bin/env python3
"""Makes Tests/FlexVLMTests/Fixtures/bpe: a small byte-level tokenizer and what PyPI's tokenizers
encodes and decodes with it.

  python3 Scripts/make_bpe_fixtures.py

`tokenizer.json` is of SmolLM2's family, trained on this repository's own texts; `tokenizer.gguf` is
what convert.py makes of it. Needs tokenizers, besides what convert.py needs.
"""

import json
import random
import sys
from pathlib import Path

import gguf
from flexvlm_convert import gguf_file
from flexvlm_convert.tokenizer import load_vocabulary
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = Path(__file__).parent.parent
OUTPUT = ROOT / "Tests/FlexVLMTests/Fixtures/bpe"
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]

# Words and characters on which pre-tokenizers differ.
FRAGMENTS = """
don't I'll they're we've I'm he'd it's IT'S I'LL o'clock 'tis rock'n'roll ''' 's '' 'S '
1 12 007 3.14 1,000 $11.40 2026-11-26 1/2 50% x2 v1.5.0 ² ½ Ⅷ ④ ٣٤ ๓ 一二 0x1F
naïve café cafe\u0301 Zürich ÀÉÎ ß ﬁ ŉ n\u0303 a\u0308\u0304 \u0301 x\u0301\u0302\u0303
Москва Ελληνικά עברית العَرَبِيَّة हिन्दी ภาษาไทย 한국어 \u1112\u1161\u11ab 日本語 中文字 ゔ ｶﾞ
🚌 👩‍👩‍👧‍👦 🇩🇪🇫🇷 👍🏽 ❤️ ☎ ✓ → ∑ √2 € £ ¥ © ™ … — “quoted” «x» ¿qué? ‰
http://a.b/c?d=e&f#g user@example.org C++ a_b snake_case camelCase #tag @you *bold* `code`
(x) [y] {z} <tag> </tag> ... !!! ?! -- === ---- //// \\\\ "" '' ~~ ^^ || && ;; ::
<|endoftext|> <|im_start|>user <|im_end|> <|im_start <|im_start|><|im_end|> <image> |> <|
\u200b \ufeff \u00ad \u200e \u2060 \ufffd \ue000 \U000f0000 \x00 \x07 \x1b[0m
""".split()
SPACES = [
    " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", " \n", "\n ", "\t\t", "\u00a0", "\u3000", "\u0085",
    "\u2028", "\u2003 ", " \u2009", "\u180e", "\x0b", "\x0c", "\x1f", "          ",
]  # fmt: skip


def hard_texts() -> list[str]:
    texts = ["", *FRAGMENTS, *SPACES, *(f"a{s}b" for s in SPACES), *(f"a{s}1" for s in SPACES)]
    texts += [f"x {fragment}" for fragment in FRAGMENTS[::3]]
    texts += ["what is the total of the receipt?", "Answer: $11.40\n", "a" * 300, "ab " * 100]
    texts += ["1" * 50, " " * 70, "\n" * 9 + "end", "e\u0301" * 40, "🚌" * 20, "'s" * 20]
    source = random.Random(7)
    for _ in range(150):
        parts = []
        for _ in range(source.randint(2, 9)):
            parts.append(source.choice(FRAGMENTS))
            if source.random() < 0.7:
                parts.append(source.choice(SPACES[:10] if source.random() < 0.7 else SPACES))
        texts.append("".join(parts))
    return texts


def split(digits: bool) -> pre_tokenizers.PreTokenizer:
    words = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    if not digits:
        return words
    return pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), words])


def train() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = split(digits=True)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=1000, special_tokens=SPECIALS, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    )  # fmt: skip
    files = ["README.md", "Weights/README.md", "Scripts/train/README.md"]
    # A few words of every script, so that pieces of several bytes are there to be merged.
    words = [word for word in FRAGMENTS for _ in range(30)]
    tokenizer.train_from_iterator([(ROOT / f).read_text() for f in files] + words, trainer)
    return tokenizer


def main() -> int:
    OUTPUT.mkdir(parents=True, exist_ok=True)
    tokenizer = train()
    tokenizer.save(str(OUTPUT / "tokenizer.json"))
    (OUTPUT / "tokenizer_config.json").write_text(
        json.dumps({"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}) + "\n"
    )
    cases = []
    for text in hard_texts():
        tokenizer.pre_tokenizer = split(digits=True)
        encoding = tokenizer.encode(text)
        tokenizer.pre_tokenizer = split(digits=False)
        plain = tokenizer.encode(text)
        decoded = tokenizer.decode(encoding.ids, skip_special_tokens=True)
        cases.append({"text": text, "ids": encoding.ids, "gpt2": plain.ids, "decode": decoded})
    (OUTPUT / "expected.json").write_text(json.dumps(cases, ensure_ascii=True, indent=0) + "\n")

    vocabulary = load_vocabulary(OUTPUT, tokenizer.get_vocab_size())
    writer = gguf.GGUFWriter(OUTPUT / "tokenizer.gguf", "flexvlm")
    gguf_file.add_vocabulary(writer, vocabulary)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.close()
    print(f"{len(cases)} texts, {tokenizer.get_vocab_size()} tokens", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
