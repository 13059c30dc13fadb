#!/usr/bin/env python3
"""What lazy crops and kept high-resolution keys save, on the example questions.

  PYTHONPATH=Scripts python3 -m measure.savings .build/release/flexvlm

The official code encodes every crop of the high-resolution view and projects the keys and values of
the selected cells again at every layer and step. flexvlm encodes a crop when a cell in it is first
selected and projects a token once for each layer. Both give the same answer; this counts the work.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

TOKENS_PER_CELL = 64  # of flexvlm-mini: 96 x 96 tokens in 12 x 12 cells
EXAMPLES = Path(__file__).parents[2] / "Weights" / "examples"


def run(program: Path, image: Path, question: str) -> tuple[dict, dict]:
    """The `--json` report and the trace of one question."""
    with tempfile.TemporaryDirectory() as folder:
        trace = Path(folder) / "trace.json"
        command = [program, "ask", image, question, "--json", "--trace", trace]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        return json.loads(output), json.loads(trace.read_text())


def projections(trace: dict) -> tuple[int, int]:
    """(Layer, cell) pairs projected: officially, at every step; and each once."""
    total, pairs = 0, set()  # of cells: all have as many tokens
    for step in trace["steps"]:
        for layer in sorted(step["cells"], key=int)[:-1]:  # nobody follows the last layer
            cells = [i for i, bit in enumerate(step["cells"][layer]) if bit == "1"]
            total += len(cells)
            pairs.update((layer, cell) for cell in cells)
    return total, len(pairs)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path, help="the flexvlm binary")
    options = parser.parse_args()
    questions = json.loads((EXAMPLES / "questions.json").read_text())
    crops = all_crops = official = kept = 0
    for item in questions:
        report, trace = run(options.program, EXAMPLES / item["image"], item["question"])
        statistics = report["statistics"]
        total, pairs = projections(trace)
        if pairs * TOKENS_PER_CELL != statistics["projected_tokens"]:
            print(f"{item['question']}: counted {pairs} pairs, the program {statistics}",
                  file=sys.stderr)
            return 1
        crops += statistics["encoded_crops"]
        all_crops += statistics["crop_count"]
        official += total
        kept += pairs
    print(f"{len(questions)} questions, each with its image encoded afresh")
    print("| | official order | flexvlm | |")
    print("|---|---|---|---|")
    print(f"| high-resolution crops encoded | {all_crops} | {crops} | {crops / all_crops:.0%} |")
    print(f"| key and value projections, in cells | {official} | {kept} | {kept / official:.0%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
