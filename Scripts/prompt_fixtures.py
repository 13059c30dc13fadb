#!/usr/bin/env python3
"""Makes Tests/FlexVLMTests/Fixtures/prompts: what the official evaluation scripts put before a model.

  pip install sentencepiece
  python3 Scripts/prompt_fixtures.py

For every question of the fixtures' benchmark files and both model families, the prompt as the
benchmark's script words it and its token ids by the sentencepiece library, split at the image as
LLaVA's `tokenizer_image_token` splits it.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import sentencepiece

FIXTURES = Path(__file__).parent.parent / "Tests" / "FlexVLMTests" / "Fixtures"
BENCHMARKS = FIXTURES / "benchmarks"
IMAGE = -200

# FlexAttention's scripts spell out LLaVA's template llava_v1; LLaVA-1.5 is trained and evaluated with
# vicuna_v1, which says "user".
FAMILIES = {
    family: f"A chat between a curious {who} and an artificial intelligence assistant. The assistant "
    f"gives helpful, detailed, and polite answers to the {who}'s questions. USER: <image>\n%s "
    "ASSISTANT:"
    for family, who in {"FlexAttention": "human", "LLaVA-1.5": "user"}.items()
}
SHORT = "\nAnswer the question using a single word or phrase."
LETTER = "\nAnswer with the option's letter from the given choices directly."


def load(name: str):
    return json.loads((BENCHMARKS / name).read_text())


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (BENCHMARKS / name).read_text().splitlines() if line]


def options_on_lines(instruction: str) -> str:
    for mark in (" A.", ", B.", ", C.", ", D."):
        instruction = instruction.replace(mark, "\n" + mark.removeprefix(",").strip())
    return instruction


def vstar(wording: Callable[[str], str]) -> Iterator[str]:
    for path in sorted((BENCHMARKS / "vstar").glob("*/*.json")):
        yield wording(json.loads(path.read_text())["question"])


# name of the case -> questions in the order of the benchmark's files, as the scripts word them
CASES = {
    # FlexAttention's eval_textvqa.py; LLaVA's textvqa.sh with the OCR line taken out
    "textvqa": [item["question"] + SHORT for item in load("TextVQA_val.json")["data"]],
    # LLaVA's textvqa.sh
    "textvqa-ocr": [item["text"] for item in lines("llava_textvqa_val_v051_ocr.jsonl")],
    # FlexAttention's eval_vbench.py
    "vstar-flex": list(vstar(lambda question: question + SHORT)),
    # V*Bench's vstar_bench_eval.py
    "vstar-official": list(vstar(lambda question: question)),
    # FlexAttention's eval_magnifier.py
    "magnifier": [
        options_on_lines(item["instruction"]) + LETTER
        for _, item in sorted(load("magnifier_instructions.json")["data"].items())
    ],
    # LLaVA's pope.sh, whose question file holds the request
    "pope": [item["text"] + SHORT for item in lines("coco_pope_random.json")],
    # FlexAttention's eval_textvqa.py with its DocVQADataset and ChartQADataset
    "docvqa": [item["question"] + SHORT for item in load("docvqa_val.json")["data"]],
    "chartqa": [item["query"] + SHORT for item in load("test_human.json")],
}


def main() -> None:
    pieces = sentencepiece.SentencePieceProcessor(
        model_file=str(FIXTURES / "parity" / "tokenizer" / "tokenizer.model")
    )
    entries = []
    for family, conversation in FAMILIES.items():
        for case, questions in CASES.items():
            prompts = [conversation % question for question in questions]
            ids = []
            for prompt in prompts:
                before, after = prompt.split("<image>")
                ids.append(
                    [pieces.bos_id(), *pieces.encode(before), IMAGE, *pieces.encode(after)]
                )
            entries.append(
                {
                    "family": family,
                    "template": conversation % "{question}",
                    "case": case,
                    "prompts": prompts,
                    "ids": ids,
                }
            )
    folder = FIXTURES / "prompts"
    folder.mkdir(exist_ok=True)
    text = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
    (folder / "official.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
