#!/usr/bin/env python3
"""How well an answer's confidence tells right answers from wrong ones.

  (cd Scripts/train && python3 -m check.benchmarks --out DIR)
  PYTHONPATH=Scripts python3 -m measure.confidence .build/release/flexvlm DIR \\
      -o Sources/FlexVLM/FlexVLM.docc/Resources/confidence.png

DIR has some of accuracy's sets; --unseen names a further one in TextVQA's layout. Prints a
table and draws a reliability diagram: where confidence is the probability of being right, points lie
on the diagonal. Right is an answer of the same text as the truth, case and spaces apart; in vstar the
option that is likelier than the others.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from measure.eval_run import run_eval
from measure.accuracy import SETS

UNSEEN = "pages of another hand"
THRESHOLD = 0.8  # of '--min-confidence', for the last columns of the table
BINS = 10


@dataclass
class Result:
    confidence: float  # geometric mean of the tokens' probabilities
    first: float  # probability of the first token
    is_right: bool


def area(scores: list[float], is_right: list[bool]) -> float:
    """Area under the risk-coverage curve: the share of wrong answers among the surest k, averaged
    over all k. Equally sure answers count in every order alike.

    Source: Geifman, Uziel and El-Yaniv, "Bias-Reduced Uncertainty Estimation for Deep Neural
    Classifiers", ICLR 2019."""
    groups: dict[float, list[bool]] = {}
    for score, right in zip(scores, is_right, strict=True):
        groups.setdefault(score, []).append(right)
    taken, wrong, total = 0, 0.0, 0.0
    for _, group in sorted(groups.items(), reverse=True):
        share = group.count(False) / len(group)
        for _ in group:
            taken, wrong = taken + 1, wrong + share
            total += wrong / taken
    return total / taken


def interval(right: int, count: int) -> tuple[float, float]:
    """95 %, by Wilson's formula."""
    z2 = 1.96**2
    middle = (right + z2 / 2) / (count + z2)
    half = (z2 * (right * (count - right) / count + z2 / 4)) ** 0.5 / (count + z2)
    return middle - half, middle + half


def bins(results: list[Result]) -> list[list[Result]]:
    """Results by confidence in steps of a tenth, empty steps left out."""
    steps: list[list[Result]] = [[] for _ in range(BINS)]
    for result in results:
        steps[min(int(result.confidence * BINS), BINS - 1)].append(result)
    return [step for step in steps if step]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def calibration_error(results: list[Result]) -> float:
    """How far confidence is from the share of right answers, averaged over the steps."""
    return sum(
        abs(sum(r.confidence for r in step) - sum(r.is_right for r in step))
        for step in bins(results)
    ) / len(results)


def folded(text: str) -> str:
    return " ".join(text.lower().split())


def truths(benchmark: str, annotations: list[str]) -> list[list[str]]:
    """Right answers to each question, in the order of the file."""
    content = [json.loads(Path(path).read_text()) for path in annotations]
    match benchmark:
        case "textvqa":
            return [item["answers"] for item in content[0]["data"]]
        case "magnifier":
            return [[item["answer"]] for item in content[0]["data"].values()]
        case "rsvqa":
            by_question = {a["question_id"]: a["answer"] for a in content[1]["answers"]}
            # 'flexvlm eval' leaves out counts, as FlexAttention does.
            asked = [q for q in content[0]["questions"] if q["type"] != "count"]
            return [[by_question[q["id"]]] for q in asked]
    raise ValueError(benchmark)


def measure(
    arguments: argparse.Namespace, benchmark: str, annotations: list[str], images: str | None
) -> list[Result]:
    _, answers, _ = run_eval(
        arguments.program, benchmark, annotations, "flex", None,
        images=images, model=arguments.model, max_tokens=40,
    )  # fmt: skip
    expected = None if benchmark == "vstar" else truths(benchmark, annotations)
    results = []
    for answer in answers:
        metadata = answer["metadata"]
        if expected is None:
            is_right = metadata["losses"][0] == min(metadata["losses"])
        else:
            is_right = folded(answer["text"]) in map(folded, expected[metadata["index"]])
        results.append(Result(metadata["confidence"], metadata["first_probability"], is_right))
    return results


def table(sets: dict[str, list[Result]]) -> str:
    lines = [
        "| set | questions | right | area, mean | area, first | best | by chance | off by "
        f"| kept at {THRESHOLD} | right of those |",
        "|---" * 10 + "|",
    ]
    for name, results in sets.items():
        is_right = [r.is_right for r in results]
        kept = [r.is_right for r in results if r.confidence >= THRESHOLD]
        cells = [
            f"{len(results)}",
            f"{mean(is_right):.1%}",
            f"{area([r.confidence for r in results], is_right):.3f}",
            f"{area([r.first for r in results], is_right):.3f}",
            f"{area(is_right, is_right):.3f}",
            f"{1 - mean(is_right):.3f}",
            f"{calibration_error(results):.1%}",
            f"{len(kept) / len(results):.0%}",
            f"{mean(kept):.1%}" if kept else "",
        ]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines).replace("%", " %")


def draw(sets: dict[str, list[Result]], path: Path) -> None:
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10})
    figure, axes = plt.subplots(
        1, len(sets), figsize=(2.6 * len(sets), 3), sharey=True, squeeze=False,
        layout="constrained",
    )  # fmt: skip
    for axis, (name, results) in zip(axes[0], sets.items(), strict=True):
        axis.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle="--")
        for step in bins(results):
            right, count = sum(r.is_right for r in step), len(step)
            low, high = interval(right, count)
            x, y = mean([r.confidence for r in step]), right / count
            axis.plot([x, x], [low, high], color="tab:blue", linewidth=0.8)
            axis.scatter(x, y, s=4 + 400 * count / len(results), color="tab:blue", alpha=0.7)
        axis.set_title(f"{name} ({len(results)})", fontsize=9)
        axis.set_xlabel("confidence")
        axis.set(xlim=(0, 1.03), ylim=(-0.03, 1.03), aspect="equal")
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0][0].set_ylabel("share right (bars: 95 %)")
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", help="the flexvlm program")
    parser.add_argument("data", help="DIR")
    parser.add_argument("--model", type=Path)
    parser.add_argument("--unseen", nargs=2, metavar=("ANNOTATIONS", "IMAGES"))
    parser.add_argument("-o", "--output", type=Path, required=True, help="the picture, PNG or SVG")
    arguments = parser.parse_args()

    sets: dict[str, list[Result]] = {}
    for name, (benchmark, annotations, images) in SETS.items():
        paths = [path.format(arguments.data) for path in annotations]
        if not all(Path(path).exists() for path in paths):
            continue
        images = images and images.format(arguments.data)
        sets[name] = measure(arguments, benchmark, paths, images)
    if arguments.unseen:
        annotations, images = arguments.unseen
        sets[UNSEEN] = measure(arguments, "textvqa", [annotations], images)
    print(table(sets))
    draw(sets, arguments.output)


if __name__ == "__main__":
    main()
