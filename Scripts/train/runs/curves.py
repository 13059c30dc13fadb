"""Draws a run's log as learning curves: python curves.py OUT/log.jsonl --out curves.png"""

import argparse
import json
import pathlib

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

SUMS = (".reading", ".all")  # over families


def flat(record: dict, prefix: str = "") -> dict[str, float]:
    """Nested numbers under dotted names."""
    out = {}
    for key, value in record.items():
        if isinstance(value, dict):
            out |= flat(value, f"{prefix}{key}.")
        elif isinstance(value, (int, float)):
            out[prefix + key] = value
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log")
    parser.add_argument("--out", required=True)
    parser.add_argument("--by", choices=["hours", "step"], default="hours")
    a = parser.parse_args()
    records = [json.loads(line) for line in pathlib.Path(a.log).read_text().splitlines()]
    training = [r for r in records if "evaluation" not in r]
    held_out = [
        dict(flat(r["evaluation"]), hours=r["hours"], step=r["step"])
        for r in records
        if "evaluation" in r
    ]
    skip = {
        "step",
        "hours",
        "waited",
        "norm",
        "core_hours",
        "crops_per_second",
        "images_per_second",
        "questions_per_second",
    }
    losses = ("loss", "slots_loss", "answer", "map", "look")
    if any("high.slots" in r for r in held_out):
        high = ("high.", "unseen.high.slots", "unseen.high.con")
        views = [
            ("high view", lambda k: k.startswith(high)),
            ("low view", lambda k: k.startswith("low.")),
        ]
    else:
        views = [
            ("exact match, flex", lambda k: k.startswith("exact.flex.")),
            ("exact match by mode", lambda k: k.startswith("exact.") and k.endswith(SUMS)),
        ]
    groups = [
        ("training: losses", training, lambda k: k in losses),
        ("training: right", training, lambda k: k not in losses),
        *((f"held out: {title}", held_out, keep) for title, keep in views),
    ]
    figure, panels = plt.subplots(2, 2, figsize=(15, 10), layout="constrained")
    for panel, (title, rows, keep) in zip(panels.flat, groups):
        names = sorted(
            {
                k
                for r in rows
                for k in r
                if k not in skip and keep(k) and isinstance(r[k], (int, float))
            }
        )
        for i, name in enumerate(names):
            points = [(r[a.by], r[name]) for r in rows if name in r]
            panel.plot(
                *zip(*points),
                label=f"{name} {points[-1][1]:.3g}",
                linestyle=["-", "--", ":"][i // 10 % 3],
            )
        panel.set_title(title)
        panel.set_xlabel(a.by)
        panel.grid(alpha=0.3)
        if names:
            panel.legend(fontsize=7, ncols=2)
    figure.savefig(a.out, dpi=80)


if __name__ == "__main__":
    main()
