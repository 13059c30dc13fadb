"""A stage of training: its steps one after the other, the rate, the log, checkpoints, evaluations."""

import argparse
import collections
import time

import torch

from runs.peers import Peers
from runs.run import Batches, Means, Run, annealed_from, load_config, rate_scale


class Stage:
    """What both stages share. A subclass sets up `data`, whose item n is the n-th batch, and says what
    is learned from a batch (`learn`), what a checkpoint holds (`content`), and how good it is
    (`evaluate`)."""

    log_every = 25  # steps
    evaluate_every = 900.0  # seconds
    data: torch.utils.data.Dataset

    def __init__(self, a: argparse.Namespace):
        torch.set_num_threads(a.threads)
        self.arguments, self.config = a, load_config(a.config)
        torch.manual_seed(self.config["seed"])
        self.peers = Peers()
        self.run = Run(a.out, processes=self.peers.count)
        self.saved = self.run.load()
        self.step = self.saved["step"] if self.saved else 0

    def learn(self, batch, rate: float) -> tuple[bool, dict[str, float], dict[str, int]]:
        """Makes a step: whether a process was asked to stop, what to log, and how much of what was
        learned from."""
        raise NotImplementedError

    def content(self) -> dict:
        raise NotImplementedError

    def evaluate(self) -> dict:
        raise NotImplementedError

    @property
    def number(self) -> int:
        """Which batch this process takes in this step."""
        return self.step * self.peers.count + self.peers.rank

    def train(self, warmup: int) -> None:
        """Goes on until the rate has fallen, `--steps` are made or a signal asks for an end."""
        a, run, peers = self.arguments, self.run, self.peers
        falls = annealed_from(self.saved, self.step, a.anneal)
        last = min(a.steps, falls + a.anneal if a.anneal else a.steps)
        loader = Batches(self.data, self.number, a.workers, peers.count)
        means, done, stopping = Means(), collections.Counter(), False
        began = evaluated = time.time()

        def checkpoint() -> None:
            run.save(step=self.step, annealed_from=falls, config=self.config, **self.content())

        while self.step < last and not stopping:
            rate = a.rate * rate_scale(self.step, warmup, falls, a.anneal)
            stopping, found, count = self.learn(next(loader), rate)
            self.step += 1
            means.add(found)
            done.update(count)
            if not peers.first:
                continue
            if self.step % self.log_every == 0:
                per_second = peers.count / (time.time() - began)
                speed = {f"{name}_per_second": n * per_second for name, n in done.items()}
                run.log(step=self.step, **speed, waited=loader.waited, **means)
            if time.time() - evaluated > self.evaluate_every:
                run.log(step=self.step, evaluation=self.evaluate())
                evaluated = time.time()
            if run.due():
                checkpoint()
        if peers.first:
            checkpoint()
            if not stopping:
                run.log(step=self.step, evaluation=self.evaluate())
