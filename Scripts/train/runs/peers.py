"""Several processes on one run (started by torchrun): each computes batches of its own, all take the
same step, of the mean gradient. On a CPU, processes of one thread each do more than threads, which
wait for each other at every operation."""

import os

import torch
import torch.distributed


class Peers:
    """Of a process that torchrun did not start: one, alone."""

    def __init__(self):
        self.count = int(os.environ.get("WORLD_SIZE", 1))
        self.rank = int(os.environ.get("RANK", 0))
        if self.count > 1:
            torch.distributed.init_process_group("gloo")

    @property
    def first(self) -> bool:
        """Whether this is the process that writes the log and the checkpoints."""
        return self.rank == 0

    @torch.no_grad()
    def average(self, parameters: list, stopping: bool) -> bool:
        """Makes every gradient the mean over all processes; whether any of them is stopping."""
        if self.count == 1:
            return stopping
        parts = [(torch.zeros_like(p) if p.grad is None else p.grad).flatten() for p in parameters]
        flat = torch.cat([torch.tensor([float(stopping)], device=parts[0].device), *parts])
        torch.distributed.all_reduce(flat)
        flat /= self.count
        at = 1
        for p in parameters:
            p.grad = flat[at : at + p.numel()].view_as(p).to(p.dtype)
            at += p.numel()
        return flat[0].item() > 0

    @torch.no_grad()
    def spread(self, function, batch: torch.Tensor) -> torch.Tensor:
        """function(batch), of which every process computes a part: batch [n, ...], float32, is the
        same in all of them, and `function` keeps its shape and treats its entries one by one."""
        if self.count == 1:
            return function(batch)
        size = -(-len(batch) // self.count)
        mine = slice(self.rank * size, (self.rank + 1) * size)
        out = torch.zeros_like(batch)
        if len(batch[mine]):
            out[mine] = function(batch[mine])
        torch.distributed.all_reduce(out)
        return out
