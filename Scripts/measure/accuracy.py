#!/usr/bin/env python3
"""The paper's comparison with flexvlm-mini: what it answers when it sees no high-resolution cells,
random ones, those in the centre, those it selects, and all.

  (cd Scripts/train && python3 -m check.second --out DIR/second)
  (cd Scripts/train && python3 -m check.benchmarks --out DIR)
  PYTHONPATH=Scripts python3 -m measure.accuracy .build/release/flexvlm DIR [--exact F32.gguf]

Random and central cells are as many as the model selected. Prints two tables: all sets, with cost
on the second check (seconds of one core, if there are as many workers), and exact match for each
family of questions.
"""

import argparse
import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from measure.eval_run import run_eval

RSVQA_FILES = ("questions", "answers")
CHECK = "second check"
# name -> what 'flexvlm eval' takes; `{}` is DIR
SETS = {
    CHECK: ("textvqa", ["{}/second/annotations.json"], "{}/second/images"),
    "textvqa-mini": (
        "textvqa",
        ["{}/textvqa-mini/TextVQA_0.5.1_val.json"],
        "{}/textvqa-mini/train_images",
    ),
    "vstar-mini": ("vstar", ["{}/vstar-mini"], None),
    "magnifier-mini": (
        "magnifier",
        ["{}/magnifier-mini/data_instructions.json"],
        "{}/magnifier-mini/images.json",
    ),
    "rsvqa-mini": (
        "rsvqa",
        [f"{{}}/rsvqa-mini/USGS_split_test_phili_{n}.json" for n in RSVQA_FILES],
        "{}/rsvqa-mini/Data",
    ),
}


@dataclass
class Run:
    answers: list[dict]
    times: list[dict]
    score: float  # percent

    @property
    def share(self) -> float:
        """Of the high-resolution cells, what a layer saw on average."""
        shares = [a["metadata"].get("selected_share", 0) for a in self.answers]
        return sum(shares) / len(shares)

    @property
    def crops(self) -> float:
        """Encoded for an image with all its questions."""
        most: dict[str, int] = defaultdict(int)
        for answer, times in zip(self.answers, self.times, strict=True):
            image = answer["metadata"]["image"]
            most[image] = max(most[image], times["crops"])
        return sum(most.values()) / len(most)

    def mean(self, value) -> float:
        return sum(map(value, self.times)) / len(self.times)


def evaluate(arguments, name: str, policy: str, budget: float | None, model: Path | None) -> Run:
    benchmark, annotations, images = SETS[name]
    row, answers, times = run_eval(
        arguments.program,
        benchmark,
        [path.format(arguments.data) for path in annotations],
        policy,
        None if budget is None else round(budget, 4),
        images=images and images.format(arguments.data),
        model=model,
        max_tokens=40,
    )
    order = lambda of: sorted(of, key=lambda a: a.get("metadata", a)["index"])
    return Run(order(answers), order(times), 100 * row["mean"])


def families(arguments, name: str, runs: dict[str, Run]) -> dict[str, dict[str, list[bool]]]:
    """family -> row -> whether each answer equals the truth in every character."""
    data = json.loads(Path(SETS[name][1][0].format(arguments.data)).read_text())["data"]
    out: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for row, run in runs.items():
        for item, answer in zip(data, run.answers, strict=True):
            right = answer["text"].strip().lower() == item["answers"][0].lower()
            out[item.get("family", item["image_classes"][0])][row].append(right)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path, help="the flexvlm program")
    parser.add_argument("data", help="DIR, with second and the four benchmarks")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--low-only", type=Path, help="a model trained without a high view")
    parser.add_argument("--exact", type=Path, help="the model in F32, to compare answers with")
    arguments = parser.parse_args()

    runs: dict[str, dict[str, Run]] = {}  # row -> set -> run
    rows = [("selected (flex)", "flex", arguments.model), ("all cells", "all", arguments.model)]
    rows += [(f"{p} cells", p, arguments.model) for p in ("centre", "random")]
    rows += [("low view only", "none", arguments.model)]
    if arguments.low_only:
        rows += [("a low-only model", "none", arguments.low_only)]
    for row, policy, model in rows:
        runs[row] = {}
        for name in SETS:
            budget = None
            if policy in ("centre", "random"):
                budget = runs["selected (flex)"][name].share
            runs[row][name] = evaluate(arguments, name, policy, budget, model)
            print(f"{row}, {name}: {runs[row][name].score:.1f}", file=sys.stderr)

    print("| sees | " + " | ".join(SETS) + " | cells | crops | GFLOP | seconds |")
    print("|---" * (len(SETS) + 5) + "|")
    for row, by_set in runs.items():
        cost = by_set[CHECK]
        scores = " | ".join(f"{by_set[name].score:.1f}" for name in SETS)
        seconds = cost.mean(lambda t: t["encode"] + t["prefill"] + t["decode"])
        print(
            f"| {row} | {scores} | {100 * cost.share:.0f} % | {cost.crops:.1f} "
            f"| {cost.mean(lambda t: t['flops']) / 1e9:.1f} | {seconds:.3f} |"
        )
    print()
    by_family: dict[str, dict[str, dict[str, list[bool]]]] = {
        name: families(arguments, name, {row: of[name] for row, of in runs.items()})
        for name in ("textvqa-mini", CHECK)
    }
    print("| pages | family | questions | " + " | ".join(runs) + " |")
    print("|---" * (len(runs) + 3) + "|")
    for name, table in by_family.items():
        for family, of in sorted(table.items()):
            counts = [f"{100 * sum(of[row]) / len(of[row]):.0f}" for row in runs]
            asked = len(of[next(iter(runs))])
            print(f"| {name} | {family} | {asked} | " + " | ".join(counts) + " |")
    if arguments.exact:
        same = total = 0
        for name in SETS:
            exact = evaluate(arguments, name, "flex", None, arguments.exact)
            pairs = zip(runs["selected (flex)"][name].answers, exact.answers, strict=True)
            same += sum(ours["text"] == theirs["text"] for ours, theirs in pairs)
            total += len(exact.answers)
        print(f"\n{same} of {total} answers equal those of {arguments.exact.name}")


if __name__ == "__main__":
    main()
