#!/usr/bin/env python3
"""Accuracy against cost for every selection policy on a benchmark, as a picture and a table.

  PYTHONPATH=Scripts python3 -m measure.compare_policies .build/release/flexvlm textvqa -o policies.png \\
      --annotations DIR/textvqa-mini/TextVQA_0.5.1_val.json --images DIR/textvqa-mini/train_images

DIR is made by check.benchmarks of Scripts/train; any benchmark of 'flexvlm eval' will do. FLOPs are those
that the engine counted, times those of one worker; the image's encoding is shared by its questions.
"""

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

from measure.eval_run import run_eval

# Policies in the order of the legend, with the budgets to try; None is a policy without one.
POLICIES: dict[str, list[float | None]] = {
    "flex": [None],
    "flex-fixed": [0.03, 0.1, 0.3],
    "tidal": [0.03, 0.1],
    "hired": [0.1, 0.2, 0.4],
    "centre": [0.1, 0.3],
    "random": [0.1, 0.3],
    "prumerge": [None],
    "prumerge+": [None],
    "none": [None],
    "all": [None],
}
COLOURS = dict(zip(POLICIES, matplotlib.colormaps["tab10"].colors, strict=True))


@dataclass
class Result:
    policy: str
    budget: float | None
    accuracy: float  # percent
    interval: tuple[float, float]  # 95 %, percent
    gigaflops: float  # per question
    seconds: float  # per question

    @property
    def name(self) -> str:
        return self.policy if self.budget is None else f"{self.policy} {self.budget:g}"


def evaluate(arguments: argparse.Namespace, policy: str, budget: float | None) -> Result:
    row, _, times = run_eval(
        arguments.program, arguments.benchmark, arguments.annotations, policy, budget,
        model=arguments.model, images=arguments.images, limit=arguments.limit,
        threads=arguments.threads, workers=1, max_tokens=24,
    )  # fmt: skip

    def mean(values: list[float]) -> float:
        return sum(values) / len(values)

    return Result(
        policy,
        budget,
        100 * row["mean"],
        (100 * max(0, row["interval"]["low"]), 100 * row["interval"]["high"]),
        mean([t["flops"] for t in times]) / 1e9,
        mean([t["encode"] + t["prefill"] + t["decode"] for t in times]),
    )


def table(results: list[Result]) -> str:
    lines = ["| policy | accuracy % | 95 % | GFLOP | seconds |", "|---|---:|---:|---:|---:|"]
    for r in results:
        lines.append(
            f"| {r.name} | {r.accuracy:.1f} | {r.interval[0]:.1f}–{r.interval[1]:.1f} "
            f"| {r.gigaflops:.2f} | {r.seconds:.3f} |"
        )
    return "\n".join(lines)


def draw(results: list[Result], title: str, path: Path) -> None:
    plt.rcParams.update({"font.family": "DejaVu Sans", "font.size": 10})
    figure, axes = plt.subplots(1, 2, figsize=(11, 4.8), sharey=True, layout="constrained")
    columns = [("gigaflops", "GFLOP a question"), ("seconds", "seconds a question")]
    for axis, (column, label) in zip(axes, columns, strict=True):
        for policy in POLICIES:
            points = [r for r in results if r.policy == policy]
            if not points:
                continue
            errors = [
                [max(0, r.accuracy - r.interval[0]) for r in points],
                [max(0, r.interval[1] - r.accuracy) for r in points],
            ]
            axis.errorbar(
                [getattr(r, column) for r in points], [r.accuracy for r in points], yerr=errors,
                marker="*" if policy == "flex" else "o", markersize=14 if policy == "flex" else 6,
                color=COLOURS[policy], linewidth=1.2, elinewidth=0.6, capsize=0, label=policy,
                zorder=3 if policy == "flex" else 2,
            )
            for r in points if len(points) > 1 else []:
                axis.annotate(
                    f"{r.budget:g}", (getattr(r, column), r.accuracy), xytext=(5, 4),
                    textcoords="offset points", fontsize=7.5, color=COLOURS[policy],
                )
        axis.set_xlabel(label)
        axis.set_xlim(left=0)
        axis.set_ylim(bottom=0)
        axis.grid(alpha=0.25)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("accuracy, % (bars: 95 %)")
    handles, labels = axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", frameon=False)
    figure.suptitle(title)
    figure.savefig(path, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", help="the flexvlm program")
    parser.add_argument("benchmark", help="as 'flexvlm eval' names it")
    parser.add_argument("--annotations", action="append", required=True)
    parser.add_argument("--images")
    parser.add_argument("--model")
    parser.add_argument("--limit", type=int)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--title", help="of the picture; default: the benchmark's name")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the picture, PNG or SVG")
    arguments = parser.parse_args()
    results = []
    for policy, budgets in POLICIES.items():
        for budget in budgets:
            results.append(evaluate(arguments, policy, budget))
            print(results[-1].name, f"{results[-1].accuracy:.1f} %", file=sys.stderr)
    print(table(results))
    draw(results, arguments.title or arguments.benchmark, arguments.output)


if __name__ == "__main__":
    main()
