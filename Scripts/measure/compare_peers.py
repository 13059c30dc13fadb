#!/usr/bin/env python3
"""flexvlm beside llama.cpp and transformers: the same sizes, the same weights, in turn in one run.

  python3 -m pip install torch transformers llama-cpp-python gguf
  PYTHONPATH=Scripts python3 -m measure.compare_peers .build/release/flexvlm --layers 4 --type Q8_0

Makes a LLaVA-1.5 of random weights in llama.cpp's two files, cut to so many layers of decoder and
tower, and times a prompt, one token more and the tower's crops with each program; transformers gets
the numbers that the files stand for, in bfloat16. Rounds alternate between the programs, and the
best of each counts. Then a high-resolution question with all layers is put together from the times
of its parts: flexvlm's, all high-resolution tokens in the language model with the same engine, and
the official order of work in PyTorch. What cannot run here is said to be so. Stop everything else
first.
"""

import argparse
import multiprocessing
import os
import sys
from pathlib import Path

from measure.peer_files import FILE_TYPES, PATCHES, SIZES, write_language, write_tower
from measure.peer_programs import SELECTED, Peer, Setting, bench, flexvlm, llama_cpp, transformers


def table(peers: list[Peer], setting: Setting) -> None:
    ours = peers[0].best
    print("\n| program | tower, ms a crop | | prefill, tokens/s | | decode, ms | |")
    print("|---|---|---|---|---|---|---|")
    for peer in peers:
        if peer.failure is not None or not peer.best:
            print(f"| {peer.name} | cannot run here: {peer.failure} | | | | | |")
            continue
        cells = [
            (f"{1e3 * peer.best['vision'] / setting.crops:.0f}", "vision"),
            (f"{setting.positions / peer.best['prefill']:.1f}", "prefill"),
            (f"{1e3 * peer.best['decode']:.1f}", "decode"),
        ]
        print(f"| {peer.name} | " + " | ".join(
            f"{text} | {peer.best[stage] / ours[stage]:.2f}" for text, stage in cells) + " |")  # fmt: skip
    print("\nThe second number is the peer's time over flexvlm's: above 1, flexvlm is faster.")


def question(options, setting: Setting, peers: list[Peer]) -> None:
    """One high-resolution question with all layers, put together from the times of its parts."""
    sizes, layers = setting.sizes, setting.layers
    high_layers, high_tokens = sizes.layers - 9, 9 * PATCHES
    # flexvlm's last layer computes keys and values for all positions, and the rest for the last one.
    last = 2 * sizes.width**2 / (4 * sizes.width**2 + 3 * sizes.width * sizes.inner)
    ratio = (sizes.layers - 1 + last) / (layers - 1 + last)
    plain = sizes.layers / layers

    shape = ("--geometry", options.geometry, "--layers", str(layers), "--type", options.type)
    ours, dense = (bench(setting, setting.positions + n, *shape) for n in (0, high_tokens))
    tower = ours["vision"] * 10 / setting.crops * (sizes.tower_layers - 1) / layers
    vision = tower + 10 * ours["projector"]
    one_token = high_layers * ours["high keys, values"] / setting.positions
    torch = next(peer for peer in peers if peer.name.startswith("transformers")).best
    print(f"\n| one question, {sizes.layers} layers, {SELECTED:.0%} of the high tokens a layer |"
          " flexvlm, s | all in the language model | official order, PyTorch |\n|---|---|---|---|")  # fmt: skip
    # A long answer's tokens look elsewhere in turn: at the most, every token is projected once.
    for steps, projected in ((3, SELECTED), (64, 1.0)):
        flex = (
            vision + ours["prefill"] * ratio + one_token * projected * high_tokens
            + (steps - 1) * ours["decode"] * plain
        )  # fmt: skip
        everything = (
            vision + dense["prefill"] * ratio + (steps - 1) * dense["decode"] * plain
        )
        cells = [f"{flex:.1f}", f"{everything:.1f} ({everything / flex:.1f} times)"]
        if torch:
            official = (
                torch["vision"] * 10 / setting.crops * sizes.tower_layers / layers
                + 10 * ours["projector"] + torch["prefill"] * plain
                + high_layers * (torch["high prefill"] + (steps - 1) * torch["high step"])
                + (steps - 1) * torch["decode"] * plain
            )  # fmt: skip
            cells.append(f"{official:.1f} ({official / flex:.1f} times)")
        print(f"| {steps} tokens of answer | " + " | ".join(cells) + " |")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("program", type=Path, help="the flexvlm binary")
    parser.add_argument("--geometry", choices=SIZES, default="llava-7b")
    parser.add_argument("--layers", type=int, default=4)
    parser.add_argument("--type", choices=FILE_TYPES, default="Q8_0")
    parser.add_argument("--tower-type", choices=["F16", "Q8_0"], default="F16")
    parser.add_argument("--positions", type=int, default=640, help="of the prompt")
    parser.add_argument("--crops", type=int, default=4, help="that the tower encodes at a time")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--work", type=Path, required=True, help="folder for the model files")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(options.threads)
    multiprocessing.set_start_method("spawn")

    options.work.mkdir(parents=True, exist_ok=True)
    stem = f"{options.geometry}-{options.layers}"
    model = options.work / f"{stem}-{options.type}.gguf"
    tower = options.work / f"{stem}-mmproj-{options.tower_type}.gguf"
    sizes = SIZES[options.geometry]
    if not model.exists():
        write_language(model, sizes, options.layers, options.type)
    if not tower.exists():
        write_tower(tower, sizes, options.layers, options.tower_type)
    setting = Setting(
        sizes, options.layers, options.threads, options.positions, options.crops, str(model),
        str(tower), str(options.program.resolve()),
    )  # fmt: skip

    peers = [
        Peer("flexvlm", flexvlm, setting, "auto"),
        Peer("flexvlm, float32", flexvlm, setting, "float32"),
        Peer("llama.cpp", llama_cpp, setting, True),
        Peer("llama.cpp, not repacked", llama_cpp, setting, False),
        Peer("transformers, bfloat16", transformers, setting),
    ]
    print(f"{options.geometry}, {options.layers} layers, {options.type}, {options.threads} threads")
    for number in range(options.rounds):
        for peer in peers:
            peer.round()
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
    table(peers, setting)
    for peer in peers:
        peer.end()
    question(options, setting, peers)
    return 0


if __name__ == "__main__":
    sys.exit(main())
