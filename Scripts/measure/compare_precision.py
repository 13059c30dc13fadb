#!/usr/bin/env python3
"""What bfloat16 changes: answers of the shipped model, cells and tokens of the parity fixtures.

  PYTHONPATH=Scripts python3 -m measure.compare_precision .build/release/flexvlm [ANNOTATIONS IMAGES]

Asks the example questions, and those of an annotation file in TextVQA's layout, in float32 and in
another precision, and runs the fixtures' prompts in both. The model is the program's own default,
or the one that FLEXVLM_MODEL names.
"""

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "Weights" / "examples"
FIXTURES = ROOT / "Tests" / "FlexVLMTests" / "Fixtures" / "parity"


def traces(program: Path, arguments: list) -> list[dict]:
    """The traces of one command line's questions."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        command = [program, "ask", *arguments, "--json", "--trace", trace]
        subprocess.run(command, check=True, capture_output=True)
        read = json.loads(trace.read_text())
        return read if isinstance(read, list) else [read]


def text(trace: dict) -> str:
    return "".join(step["text"] for step in trace["steps"]).strip()


def cells(trace: dict) -> list[str]:
    """The bits of every selecting layer and step, steps in order."""
    return [bits for step in trace["steps"] for bits in step["cells"].values()]


def changed_bits(a: list[str], b: list[str]) -> tuple[int, int]:
    """Cells that differ, and all, over the steps that both have."""
    pairs = [(x, y) for left, right in zip(a, b) for x, y in zip(left, right)]
    return sum(x != y for x, y in pairs), len(pairs)


def compare_questions(
    program: Path, precisions: tuple[str, str], name: str, asked: list[tuple[Path, str, str]]
) -> None:
    """Prints one row: questions of (image, question, truth or nothing)."""
    answers = changed = first = selections = 0
    right = [0, 0]
    by_image = itertools.groupby(sorted(asked), key=lambda item: item[0])
    for image, group in by_image:
        items = list(group)
        runs = [
            traces(program, [image, *(q for _, q, _ in items), "--precision", precision])
            for precision in precisions
        ]
        for (_, _, truth), *both in zip(items, *runs):
            answers += 1
            changed += text(both[0]) != text(both[1])
            for index, trace in enumerate(both):
                right[index] += text(trace) == truth
            # At the first step both have seen the same tokens.
            one, other = (list(trace["steps"][0]["cells"].values()) for trace in both)
            first += one != other
            selections += changed_bits(one, other)[0]
    print(
        f"| {name} | {answers} | {changed} | {right[0]} | {right[1]} | {first} |"
        f" {selections} |", flush=True,
    )


def compare_fixtures(program: Path, precisions: tuple[str, str]) -> None:
    print("\n| fixture | tokens changed | cells changed | of |\n|---|---|---|---|")
    for folder in sorted(FIXTURES.glob("tiny-*")):
        steps = len(json.loads((folder / "expected.json").read_text())["modes"]["hd"]["tokens"])
        arguments = [
            "--model", folder / "model.gguf", folder / "image.png", "--prompt-file",
            folder / "prompt.txt", "--max-tokens", str(steps), "--precision",
        ]  # fmt: skip
        one, other = (traces(program, [*arguments, precision])[0] for precision in precisions)
        tokens = [[step["token"] for step in trace["steps"]] for trace in (one, other)]
        # Steps after the first other token say nothing about precision.
        same = len(list(itertools.takewhile(lambda pair: pair[0] == pair[1], zip(*tokens))))
        layers = len(one["steps"][0]["cells"])
        count = (min(same, len(tokens[0]) - 1) + 1) * layers
        bits, total = changed_bits(cells(one)[:count], cells(other)[:count])
        print(f"| {folder.name} | {len(tokens[0]) - same} of {steps} | {bits} | {total} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path, help="the flexvlm binary")
    parser.add_argument("annotations", type=Path, nargs="?", help="questions in TextVQA's layout")
    parser.add_argument("images", type=Path, nargs="?", help="their folder of images")
    parser.add_argument("--precision", default="auto", help="to compare with float32")
    options = parser.parse_args()
    precisions = ("float32", options.precision)
    print(f"| questions | answers | changed | right, float32 | right, {options.precision} |"
          " first steps with other cells | cells changed there |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    examples = json.loads((EXAMPLES / "questions.json").read_text())
    compare_questions(
        options.program, precisions, "examples",
        [(EXAMPLES / item["image"], item["question"], item["truth"]) for item in examples],
    )
    if options.annotations:
        data = json.loads(options.annotations.read_text())["data"]
        asked = [
            (next(path for path in options.images.glob(f"{item['image_id']}.*")),
             item["question"], item["answers"][0])
            for item in data
        ]  # fmt: skip
        compare_questions(options.program, precisions, options.annotations.parent.name, asked)
    compare_fixtures(options.program, precisions)
    return 0


if __name__ == "__main__":
    sys.exit(main())
