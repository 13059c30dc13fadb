"""Tests of convert.py on PyTorch's files: formats, state dicts inside others, damage."""

import argparse
from collections.abc import Callable

import pytest

from fixtures.random_checkpoint import FLEX_COUNT, Checkpoint

torch = pytest.importorskip("torch")


def state_dict(checkpoint: Checkpoint) -> dict:
    return {
        name: torch.from_numpy(values).half()
        for name, values in checkpoint.language_tensors.items()
    }


def save(checkpoint: Checkpoint, value: object, zip: bool = True) -> None:
    (checkpoint.model / "model.safetensors").unlink()
    path = checkpoint.model / "pytorch_model.bin"
    torch.save(value, path, _use_new_zipfile_serialization=zip)


def test_shards(checkpoint: Checkpoint) -> None:
    (checkpoint.model / "model.safetensors").unlink()
    state = list(state_dict(checkpoint).items())
    for shard in range(2):
        part = dict(state[shard::2])
        torch.save(part, checkpoint.model / f"pytorch_model-0000{shard + 1}-of-00002.bin")
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)


WRAPPED: dict[str, Callable[[dict], dict]] = {
    "plain": lambda state: state,
    "state_dict": lambda state: {"state_dict": state, "epoch": 3, "optimizer": {"lr": 0.1}},
    "model": lambda state: {"model": state, "step": torch.tensor(5)},
    "both": lambda state: {"model": {"state_dict": state}},
    "several devices": lambda state: {
        "state_dict": {f"module.{name}": value for name, value in state.items()}
    },
    "parameters": lambda state: {
        name: torch.nn.Parameter(value) for name, value in state.items()
    },
    "transposed": lambda state: {
        name: value.t().contiguous().t() if value.ndim == 2 else value
        for name, value in state.items()
    },
}


@pytest.mark.parametrize("zip", [True, False])
@pytest.mark.parametrize("wrapper", WRAPPED)
def test_state_dicts(checkpoint: Checkpoint, wrapper: str, zip: bool) -> None:
    save(checkpoint, WRAPPED[wrapper](state_dict(checkpoint)), zip)
    assert checkpoint.convert() == 0
    checkpoint.assert_exact(FLEX_COUNT)


FAULTS = {
    "a list": ([1, 2], "does not hold a state dict"),
    "no tensor": ({"model.norm.weight": [1.0]}, "model.norm.weight is no tensor; save the state"),
    "objects": ({"args": argparse.Namespace()}, "objects besides tensors (argparse.Namespace)"),
    "integers": (
        {"model.norm.weight": torch.zeros(32, dtype=torch.int8)}, "is quantised (int8), and only"
    ),
}


@pytest.mark.parametrize("zip", [True, False])
@pytest.mark.parametrize("fault", FAULTS)
def test_faults(
    checkpoint: Checkpoint, fault: str, zip: bool, capsys: pytest.CaptureFixture
) -> None:
    value, message = FAULTS[fault]
    save(checkpoint, value, zip)
    assert checkpoint.convert() == 1
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1
    assert checkpoint.left_over() == []


@pytest.mark.parametrize("zip", [True, False])
def test_truncated(checkpoint: Checkpoint, zip: bool, capsys: pytest.CaptureFixture) -> None:
    save(checkpoint, state_dict(checkpoint), zip)
    path = checkpoint.model / "pytorch_model.bin"
    path.write_bytes(path.read_bytes()[:-300])
    assert checkpoint.convert() == 1
    assert "pytorch_model.bin is damaged or not a PyTorch file" in capsys.readouterr().err


def test_another_file(checkpoint: Checkpoint, capsys: pytest.CaptureFixture) -> None:
    (checkpoint.model / "model.safetensors").rename(checkpoint.model / "pytorch_model.bin")
    assert checkpoint.convert() == 1
    error = capsys.readouterr().err
    assert error.endswith("pytorch_model.bin is damaged or not a PyTorch file\n")
