"""What every training stage shares: configuration, atomic checkpoints, a log, a clean stop."""

import argparse
import json
import os
import pathlib
import signal
import time

import torch
from torch.utils.data import DataLoader, Dataset


def arguments(description: str) -> argparse.ArgumentParser:
    """The options that both stages have."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--config", required=True)
    parser.add_argument("--out", required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1, help="processes that draw pages")
    parser.add_argument("--steps", type=int, default=10**9, help="stop at this step")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument(
        "--rate",
        type=float,
        default=1.0,
        help="share of the configuration's rates: a half or less to go on from an annealed run",
    )
    parser.add_argument(
        "--anneal",
        type=int,
        default=0,
        help="end the run: let the rates fall to zero over this many steps",
    )
    return parser


def load_config(path: str) -> dict:
    """A configuration; one that names a `base` beside it gives only what differs from that."""
    config = json.loads(pathlib.Path(path).read_text())
    if "base" not in config:
        return config
    base = load_config(pathlib.Path(path).with_name(config.pop("base")))
    return base | {section: base[section] | values for section, values in config.items()}


class Run:
    """A folder with `checkpoint.pt` and `log.jsonl`. SIGTERM and SIGINT ask for a checkpoint and
    an end."""

    def __init__(self, folder: str, every: float = 180.0, processes: int = 1):
        self.folder, self.processes = pathlib.Path(folder), processes
        self.folder.mkdir(parents=True, exist_ok=True)
        self.every, self.stopping, self.saved = every, False, time.time()
        self.spent, self.started = 0.0, time.time()  # seconds, those of earlier sessions apart
        self.cores = 0.0  # core hours of earlier sessions
        for s in (signal.SIGTERM, signal.SIGINT):
            signal.signal(s, self._stop)

    def _stop(self, *_) -> None:
        self.stopping = True

    @property
    def core_hours(self) -> float:
        """Processor time of the processes that train; pauses and waiting do not count."""
        return self.cores + self.processes * time.process_time() / 3600

    @property
    def hours(self) -> float:
        return (self.spent + time.time() - self.started) / 3600

    def load(self) -> dict | None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return None
        saved = torch.load(path, map_location="cpu", weights_only=False)
        self.spent, self.started = saved["hours"] * 3600, time.time()
        self.cores = saved.get("core_hours", 0.0)
        torch.set_rng_state(saved["rng"])
        return saved

    def due(self) -> bool:
        return self.stopping or time.time() - self.saved > self.every

    def save(self, **content) -> None:
        path = self.folder / "checkpoint.pt"
        state = dict(content, hours=self.hours, core_hours=self.core_hours)
        torch.save(dict(state, rng=torch.get_rng_state()), path.with_suffix(".new"))
        os.replace(path.with_suffix(".new"), path)
        self.saved = time.time()

    def log(self, **values) -> None:
        values = {k: round(v, 5) if isinstance(v, float) else v for k, v in values.items()}
        spent = dict(hours=round(self.hours, 4), core_hours=round(self.core_hours, 4))
        line = json.dumps(dict(values, **spent))
        print(line, flush=True)
        with open(self.folder / "log.jsonl", "a") as f:
            f.write(line + "\n")


def quiet_worker(_: int) -> None:
    """Leaves signals to the process that trains; it ends its workers itself."""
    os.nice(10)
    for s in (signal.SIGTERM, signal.SIGINT):
        signal.signal(s, signal.SIG_IGN)


class Batches:
    """Batches from a step on, drawn by other processes: batch n is a function of n alone. Of
    every `stride` of them, one is taken. `waited` counts the seconds that training stood still for
    them."""

    def __init__(self, data: Dataset, first: int, workers: int, stride: int = 1):
        self.waited = 0.0
        self.loader = iter(
            DataLoader(
                data,
                batch_size=None,
                sampler=range(first, 1 << 40, stride),
                num_workers=workers,
                prefetch_factor=4,
                worker_init_fn=quiet_worker,
            )
        )

    def __next__(self):
        began = time.time()
        batch = next(self.loader)
        self.waited += time.time() - began
        return batch


class Means(dict):
    """Running means over about 33 steps."""

    def add(self, values: dict[str, float]) -> None:
        for k, v in values.items():
            self[k] = self[k] * 0.97 + v * 0.03 if k in self else v


def eased(ease: list, step: int) -> float:
    """A curriculum [start, end, steps]: a straight line from start to end, then end."""
    start, end, steps = ease
    return start + (end - start) * min(1.0, step / steps)


def phase_at(phases: list[dict], step: int) -> dict:
    """The first phase that ends (`until`) after the step, or the last."""
    return next((p for p in phases[:-1] if step < p["until"]), phases[-1])


def annealed_from(saved: dict | None, step: int, anneal: int) -> int:
    """Where the rates begin to fall: at this step, or where a run that was cut off began."""
    begun = saved.get("annealed_from", -1) if saved else -1
    return -1 if not anneal else begun if begun >= 0 else step


def rate_scale(step: int, warmup: int, start: int, anneal: int) -> float:
    """Warm-up, constant, and, when `anneal` > 0, a linear end over that many steps from `start`."""
    scale = min(1.0, (step + 1) / warmup)
    return scale * max(0.0, 1 - (step - start) / anneal) if anneal else scale
