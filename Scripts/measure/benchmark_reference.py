#!/usr/bin/env python3
"""Times one question about one image: numpy, PyTorch where it is installed, and flexvlm.

  PYTHONPATH=Scripts python3 -m measure.benchmark_reference
  PYTHONPATH=Scripts python3 -m measure.benchmark_reference --flexvlm .build/release/flexvlm

All run on the same weights and print the same answer. Columns (medians of --runs):

  cold    a new process, from its start to its end, file in the page cache
  warm    image and question again in the same process, model loaded
  next    a further question about the image that is already encoded
  memory  largest resident size of the cold process

flexvlm's `next` is the difference between asking eleven questions and asking one, over ten; it has
no `warm`, since each image is a new process. Threads: all cores, unless OMP_NUM_THREADS says less.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

WEIGHTS = Path(__file__).parents[2] / "Weights"


@dataclass
class Row:
    name: str
    answer: str
    cold: float
    warm: float | None
    next: float
    memory: int  # bytes


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=WEIGHTS / "flexvlm-mini.gguf")
    parser.add_argument("--image", type=Path, default=WEIGHTS / "examples" / "settings.png")
    parser.add_argument("--question", default="what is written in the red box?")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--flexvlm", type=Path, help="the binary to set beside the references")
    parser.add_argument("--backend", help=argparse.SUPPRESS)  # one reference, as a child process
    parser.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.backend:
        print(json.dumps(measure_inside(options)))
        return 0

    backends = [name for name in ("numpy", "torch") if importlib.util.find_spec(name)]
    rows = [reference_row(name, options) for name in backends]
    if options.flexvlm:
        rows.append(flexvlm_row(options))
    print(f"{options.image.name}: {options.question}  ({os.cpu_count()} cores)")
    print("| | answer | cold s | warm s | next s | memory MB |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        warm = "" if row.warm is None else f"{row.warm:.3f}"
        print(
            f"| {row.name} | {row.answer} | {row.cold:.3f} | {warm} | {row.next:.3f} "
            f"| {row.memory / 1e6:.0f} |"
        )
    return 0


def measure_inside(options: argparse.Namespace) -> dict:
    """In the child: answer once; with --warm also measure repetitions."""
    # Not at the top: a child's largest resident size counts its parent's at the fork.
    from PIL import Image

    from reference.model import Model

    model = Model(options.model, options.backend)
    image = Image.open(options.image).convert("RGB")
    encoded = model.encode_image(image)
    result: dict = {"answer": model.ask(encoded, options.question).text}
    if options.warm:
        warm, following = [], []
        for _ in range(options.runs):
            start = time.perf_counter()
            encoded = model.encode_image(image)
            middle = time.perf_counter()
            model.ask(encoded, options.question)
            end = time.perf_counter()
            warm.append(end - start)
            following.append(end - middle)
        result |= {"warm": statistics.median(warm), "next": statistics.median(following)}
    return result


def reference_row(backend: str, options: argparse.Namespace) -> Row:
    command = [
        sys.executable,
        "-m",
        "measure.benchmark_reference",
        f"--backend={backend}",
        f"--model={options.model}",
        f"--image={options.image}",
        f"--question={options.question}",
        f"--runs={options.runs}",
    ]
    cold, memory, _ = median_process(command, options.runs)
    inside = json.loads(run([*command, "--warm"])[2])
    return Row(backend, inside["answer"], cold, inside["warm"], inside["next"], memory)


def flexvlm_row(options: argparse.Namespace) -> Row:
    command = [options.flexvlm, "ask", options.image, options.question]
    one = [*command, "--model", options.model]
    eleven = [*command, *[options.question] * 10, "--model", options.model]
    cold, memory, answer = median_process(one, options.runs)
    longer, _, _ = median_process(eleven, options.runs)
    return Row("flexvlm", answer.strip(), cold, None, (longer - cold) / 10, memory)


def median_process(command: list, runs: int) -> tuple[float, int, str]:
    """Median seconds, largest resident bytes, and the output of the last run."""
    run(command)  # fills the page cache
    results = [run(command) for _ in range(runs)]
    return statistics.median(r[0] for r in results), max(r[1] for r in results), results[-1][2]


def run(command: list) -> tuple[float, int, str]:
    """Seconds, largest resident bytes and standard output of one process."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"error: {command[0]} failed: {' '.join(str(word) for word in command)}")
    return seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024), output


if __name__ == "__main__":
    sys.exit(main())
