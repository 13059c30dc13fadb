#!/usr/bin/env python3
"""Throughput and memory of `flexvlm eval` on 2,000 questions in the layout of TextVQA.

  (cd Scripts/train && python3 -m check.benchmarks --out /tmp/mini --size 560)
  PYTHONPATH=Scripts python3 -m measure.evaluation .build/release/flexvlm /tmp/mini/textvqa-mini

Runs the questions with one worker of one thread, one worker of all threads, and one worker of one
thread for each core, and checks that the answers are the same.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def resident_mib(process: int) -> float:
    """Memory of its own: the mapped model is not counted."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) / 1024
    return 0.0


def run(program: Path, data: Path, output: Path, count: int, options: list[str]):
    """Seconds, and memory after each quarter of the questions."""
    command = [
        program, "eval", "textvqa", "--annotations", data / "TextVQA_0.5.1_val.json",
        "--images", data / "train_images", "--output", output, "--limit", str(count),
        "--max-tokens", "16", *options,
    ]
    start, memory = time.monotonic(), []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None:
        time.sleep(0.02)
        lines = output.read_bytes().count(b"\n") if output.exists() else 0
        if len(memory) < 4 and lines * 4 >= count * (len(memory) + 1) and process.poll() is None:
            try:
                memory.append(resident_mib(process.pid))
            except FileNotFoundError:  # it ended meanwhile
                break
    if process.returncode != 0:
        sys.exit(f"flexvlm ended with code {process.returncode}: {' '.join(map(str, command))}")
    return time.monotonic() - start, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program", type=Path)
    parser.add_argument("data", type=Path, help="folder made by check.benchmarks of Scripts/train")
    parser.add_argument("--count", type=int, default=2000)
    arguments = parser.parse_args()
    cores = os.cpu_count() or 1
    answers = set()
    print("| | questions a second | memory after 1/4, 2/4, 3/4 |\n|---|---|---|")
    for name, workers, threads in (
        ("one worker, one thread", 1, 1),
        (f"one worker, {cores} threads", 1, cores),
        (f"{cores} workers, one thread each", cores, cores),
    ):
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "answers.jsonl"
            seconds, memory = run(
                arguments.program, arguments.data, output, arguments.count,
                ["--workers", str(workers), "--threads", str(threads)])
            answers.add(output.read_bytes())
            count = output.read_bytes().count(b"\n")
        quarters = ", ".join(f"{value:.0f}" for value in memory[:3])
        print(f"| {name} | {count / seconds:.1f} | {quarters} MiB |", flush=True)
    print("all answers are the same" if len(answers) == 1 else "the answers differ")


if __name__ == "__main__":
    main()
