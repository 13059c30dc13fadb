"""Runs `flexvlm eval` for the scripts that compare settings."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path


def run_eval(
    program, benchmark: str, annotations: Iterable, policy: str, budget: float | None, **options
) -> tuple[dict, list[dict], list[dict]]:
    """The score's overall row, the answers and their times. `options` are the command's, with _
    for -; those that are None are left out. Ends the script where the command fails."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "answers.jsonl"
        command = [program, "eval", benchmark, "--json", "--output", output, "--policy", policy]
        for path in annotations:
            command += ["--annotations", path]
        for option, value in (options | {"budget": budget}).items():
            if value is not None:
                command += [f"--{option.replace('_', '-')}", str(value)]
        run = subprocess.run(command, capture_output=True, text=True)
        if run.returncode != 0:
            sys.exit(f"'{' '.join(map(str, command))}' failed: {run.stderr.strip()}")
        row = json.loads(run.stdout)["score"]["rows"][0]
        answers, times = (
            [json.loads(line) for line in open(path)]
            for path in (output, f"{output}.times")
        )
        return row, answers, times
