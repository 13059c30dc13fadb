"""Batches, losses, selection, optimizers and resumed runs."""

import os
import socket

import numpy as np
import pytest
import torch

from language.joint import TrainedTower
from language.model import LanguageModel, attend
from language.packing import margins
from language.readouts import ReadOuts
from pages.page import page
from runs.average import mean
from runs.optim import Optimizer, precision
from runs.peers import Peers
from runs.run import Means, annealed_from, eased, phase_at, rate_scale
from vision.crops import busiest
from vision.pretrain import make_optimizer
from vision.targets import CLASSES, page_targets
from vision.tower import DenseHeads, VisionTower
from vision.views import encode


JOINT = {
    "vision": {"width": 64},
    "pretrain": {
        "muon_rate": 0.01,
        "adam_rate": 0.01,
        "phases": [{"weights": {"role": 1.0, "place": 1.0}}],
    },
}


@pytest.mark.parametrize(
    "width, height, rows, columns",
    [(500, 500, 0, 0), (500, 380, 2, 0), (700, 1100, 0, 4), (1100, 1040, 0, 0)],
)
def test_margins_are_the_official_ones(width, height, rows, columns):
    kept = margins(width, height, 24).reshape(24, 24)
    assert (~kept[:, 12]).sum() == 2 * rows and (~kept[12]).sum() == 2 * columns


def test_blank_crops_are_shared_without_a_difference():
    torch.manual_seed(0)
    tower = VisionTower(grid=4, patch=14, width=64, layers=2, heads=2)
    pixels = torch.full((1, 168, 168, 3), 200, dtype=torch.uint8)
    pixels[0, :56, :56] = torch.randint(0, 255, (56, 56, 3), dtype=torch.uint8)
    _, (high, at) = encode(tower, pixels, 56)
    whole = tower(tower.patches(pixels[:, 56:112, 56:112]))
    assert torch.allclose(raster(high, at)[4:8, 4:8].reshape(16, -1), whole[0], atol=1e-5)


def raster(high, at):
    """Features of the high view in the order of its rows."""
    side = int(high.shape[1] ** 0.5)
    return torch.zeros_like(high[0]).index_copy(0, at[0], high[0]).view(side, side, -1)


def test_some_patches_of_every_crop_lie_where_they_say():
    torch.manual_seed(0)
    tower = VisionTower(grid=4, patch=14, width=64, layers=0, heads=2)  # each patch for itself
    pixels = torch.randint(0, 255, (1, 168, 168, 3), dtype=torch.uint8)
    whole = raster(*encode(tower, pixels, 56)[1]).flatten(0, 1)
    _, (some, at) = encode(tower, pixels, 56, 5)
    assert at.shape == (1, 45) and torch.allclose(some[0], whole[at[0]], atol=1e-5)


def test_blank_patches_are_left_out_and_padding_is_not_seen():
    """Of two images the second is nearly blank: its places are fewer, the rest is padding, and the
    language model answers as if there were none."""
    torch.manual_seed(0)
    tower = VisionTower(grid=4, patch=14, width=64, layers=0, heads=2)
    pixels = torch.full((2, 112, 112, 3), 255, dtype=torch.uint8)
    pixels[0] = torch.randint(0, 255, (112, 112, 3), dtype=torch.uint8)
    pixels[1, :14, :14] = torch.randint(0, 255, (14, 14, 3), dtype=torch.uint8)
    low, (high, at) = encode(tower, pixels, 56, 12)
    kept = at >= 0
    assert kept.sum(1).tolist() == [4 * 12, 12 + 3 * 8]
    assert (at[1] == 0).any() and len(set(at[1, kept[1]].tolist())) == 36
    model = LanguageModel(40, 64, 4, 2, width=32, heads=2, inner=64, layers=4, first=1, cells=4)
    tokens, rows = torch.randint(3, 40, (1, 6)), torch.tensor([[5]])
    positions, segments = torch.arange(17, 23)[None], torch.zeros(1, 6, dtype=torch.long)
    everything = lambda layer, maps: torch.ones(1, maps.shape[1], 16, dtype=torch.bool)
    run = lambda high: model(low[1:], high, tokens, positions, segments, rows, everything)[0]
    bare = high[1:, kept[1]], at[1:, kept[1]]
    assert torch.allclose(run((high[1:], at[1:])), run(bare), atol=1e-5)


def test_the_busiest_patches_are_the_written_ones():
    blank = np.zeros((24, 24), bool)
    text = np.zeros((24, 24), bool)
    text[3:5, 2:20] = True
    chosen = busiest(blank, text, 80, np.random.default_rng(1))
    assert len(chosen) == len(set(chosen)) == 80
    assert set(np.flatnonzero(text)) <= set(chosen)
    full = busiest(blank, np.ones((24, 24), bool), 96, np.random.default_rng(2))
    assert len(full) == 96 and full[-1] - full[0] == 95  # four whole rows


def test_a_tower_in_training_is_asked_for_the_patches_it_saw(record):
    """Every chosen patch meets its own targets, and the tower learns from them."""
    torch.manual_seed(0)
    tower = VisionTower(grid=12, patch=14, width=64, layers=0, heads=2)
    heads = DenseHeads(64, CLASSES, 12)
    optimizer = make_optimizer(tower, heads, JOINT["pretrain"])
    saved = {"heads": heads.state_dict(), "tower_optimizer": optimizer.state_dict()}
    trained = TrainedTower(tower.to(precision("cpu")), saved, JOINT, "cpu")
    one = page(record, 504)
    targets = {k: torch.from_numpy(v)[None] for k, v in page_targets(one, 12, 3).items()}
    low, high = encode(tower, torch.from_numpy(one.pixels.copy())[None], 168, 40)
    role = targets["role"][0, :, 0]
    expected = torch.cat([role[:144], role[144 + high[1][0]]])
    written = (expected > 0).sum()
    loss, right, asked = trained.loss(low, high, targets)["role"]
    assert asked == written > 20 and 0 <= right <= asked
    before = [p.clone() for p in tower.parameters()]
    loss.backward()
    trained.optimizer.step()
    assert any((p != old).any() for p, old in zip(tower.parameters(), before))


def test_heads_of_another_checkpoint_leave_the_tower_as_it_is():
    tower = VisionTower(grid=4, patch=14, width=64, layers=1, heads=2)
    before = [p.clone() for p in tower.parameters()]
    trained = TrainedTower(tower, {"heads": DenseHeads(64, CLASSES, 4).state_dict()}, JOINT, "cpu")
    assert all((p == old).all() for p, old in zip(tower.parameters(), before))
    assert trained.state_dict().keys() == {"heads", "tower_optimizer"}


def test_only_the_first_row_of_an_answer_is_asked_for_its_place_and_its_name():
    torch.manual_seed(0)
    config = {"geometry": {"low": 56, "patch": 14, "zoom": 3}, "language": {"width": 8}}
    readouts = ReadOuts(config, None, "cpu")
    letters = torch.full((1, 3, 3), -100)
    letters[0, 1] = torch.tensor([4, 5, 0])
    batch = {
        "owner": torch.tensor([[0, 0, 1, 1, 2, 2]]),
        "wanted": torch.tensor([[5, 2, 6, 2, -100, -100]]),
        "late": torch.tensor([[31, 31, -1, -1, 7, 7]]),  # of 12 x 12 patches
        "key_letters": letters,
        "also_letters": torch.full((1, 3, 3), -100),
    }
    tokens = torch.randn(1, 16, 8)
    before, after = (torch.randn(1, 6, 8, requires_grad=True) for _ in range(2))
    loss, found = readouts.loss(tokens, before, after, batch)
    loss.backward()
    touched = lambda rows: [bool(of.any()) for of in rows.grad[0]]
    assert touched(before) == [False, False, True, False, False, False]
    assert touched(after) == [True] + [False] * 5
    read = {k: int(readouts.read(k, after[0, 0]).argmax()) for k in ("row", "column")}
    assert found["row"] == abs(read["row"] - 2) and found["column"] == abs(read["column"] - 7)
    for _ in range(50):
        readouts.step()
        readouts.loss(tokens, before.detach(), after.detach(), batch)[0].backward()
    found = readouts.loss(tokens, before, after, batch)
    assert found[1] == {"key": 1, "row": 0, "column": 0}
    again = ReadOuts(config, readouts.state_dict(), "cpu")
    assert again.loss(tokens, before, after, batch)[0] == found[0]
    batch["late"][:], batch["key_letters"][:] = -1, -100
    assert readouts.loss(tokens, before, after, batch)[1] == {}


def test_answer_rows_alone_see_high_resolution():
    """Rows of the language model that predict no answer are the same with and without."""
    torch.manual_seed(0)
    model = LanguageModel(40, 16, 4, 2, width=32, heads=2, inner=64, layers=4, first=1, cells=4)
    low, high = torch.randn(1, 16, 16), (torch.randn(1, 64, 16), torch.arange(64)[None])
    tokens = torch.randint(3, 40, (1, 6))
    positions, segments = torch.arange(17, 23)[None], torch.zeros(1, 6, dtype=torch.long)
    cells = lambda layer, maps: torch.ones(1, maps.shape[1], 16, dtype=torch.bool)
    none = lambda layer, maps: torch.zeros(1, maps.shape[1], 16, dtype=torch.bool)
    run = lambda rows, choose: model(low, high, tokens, positions, segments, rows, choose)[0]
    last = torch.tensor([[5]])
    assert not torch.allclose(run(last, cells), run(last, none), atol=1e-4)
    without = model(low, None, tokens, positions, segments, last, none)[0]
    assert torch.allclose(run(last, none), without, atol=1e-5)


def test_attention_and_its_gradient_are_those_of_plain_autograd():
    torch.manual_seed(0)
    q, k, v = (torch.randn(2, 3, n, 8, dtype=torch.double, requires_grad=True) for n in (5, 7, 7))
    mask = torch.randn(2, 1, 5, 7, dtype=torch.double)
    rows, probe = torch.tensor([[0, 2, 2], [1, 3, 4]]), torch.randint(0, 7, (2, 5))

    def plain(q, k, v, mask, rows, image, probe):
        p = torch.softmax(q @ k.transpose(-1, -2) + mask, -1)
        asked = torch.stack([one[:, at, 1 : 1 + image].sum(0) for one, at in zip(p, rows)])
        probed = torch.stack([one[:, torch.arange(5), at] for one, at in zip(p, probe)])
        return p @ v, asked, probed

    gradients = []
    for function in (attend, plain):
        mixed, maps, probed = function(q, k, v, mask, rows, 4, probe)
        weight = torch.arange(4.0, dtype=torch.double)
        (mixed.square().sum() + (maps * weight).sum() + probed.log().sum()).backward()
        gradients.append([t.grad.clone() for t in (q, k, v)])
        for t in (q, k, v):
            t.grad = None
    for ours, theirs in zip(*gradients):  # the map is kept in float32
        assert torch.allclose(ours, theirs, atol=1e-6)


def test_an_optimizer_goes_on_where_it_stopped():
    def steps(layer, optimizer, count):
        for _ in range(count):
            layer(torch.ones(2, 4)).square().sum().backward()
            optimizer.step()

    make = lambda layer: Optimizer(list(layer.named_parameters()), 0.02, 0.01, ())
    torch.manual_seed(0)
    whole = torch.nn.Linear(4, 4)
    parts = torch.nn.Linear(4, 4)
    parts.load_state_dict(whole.state_dict())
    steps(whole, make(whole), 6)
    first = make(parts)
    steps(parts, first, 3)
    resumed = make(parts)
    resumed.load_state_dict(first.state_dict())
    steps(parts, resumed, 3)
    assert torch.allclose(whole.weight, parts.weight, atol=1e-6)


def test_a_mean_is_of_the_masters_where_there_are_some():
    state = lambda value: {"model": {"w": torch.full((2,), value)}, "tower": {"t": torch.ones(1)}}
    one = state(1.0) | {"optimizer": {"state": {"w": {"master": torch.full((2,), 1.5)}}}}
    other = state(3.0) | {"optimizer": {"state": {}}, "tower_optimizer": {"state": {"t": {"master": torch.full((1,), 2.0)}}}}
    found = mean(one | {"step": 7, "annealed_from": 3}, other, 0.25)
    assert found["model"]["w"].tolist() == [0.25 * 1.5 + 0.75 * 3.0] * 2
    assert found["tower"]["t"].tolist() == [0.25 * 1.0 + 0.75 * 2.0] and found["step"] == 7
    assert found["optimizer"]["state"] == {} and "tower_optimizer" not in found
    assert annealed_from(found, 7, 5) == 7


def peer(rank: int, port: int, out) -> None:
    """One of two processes: gradients 2 and 6, the second has none for the other parameter."""
    address = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port)}
    os.environ.update(address, RANK=str(rank), WORLD_SIZE="2")
    peers = Peers()
    a, b = torch.nn.Parameter(torch.ones(3)), torch.nn.Parameter(torch.ones(2, 2))
    loss = a.sum() * (2, 6)[rank]
    (loss if rank else loss + b.sum()).backward()
    stops = [peers.average([a, b], False), peers.average([a, b], rank == 1)]
    parts = []
    squares = peers.spread(lambda x: parts.append(len(x)) or x**2, torch.arange(5.0))
    out.put((a.grad.tolist(), b.grad.tolist(), stops, squares.tolist(), sum(parts)))


def test_processes_take_the_same_step_and_stop_together():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    context = torch.multiprocessing.get_context("spawn")
    out = context.Queue()
    running = [context.Process(target=peer, args=(rank, port, out)) for rank in range(2)]
    for process in running:
        process.start()
    found = [out.get(timeout=120) for _ in running]
    for process in running:
        process.join()
    same = [4.0] * 3, [[0.5] * 2] * 2, [False, True], [0.0, 1.0, 4.0, 9.0, 16.0]
    assert sorted(found) == [(*same, 2), (*same, 3)]  # matrices that a process worked on


def test_schedules():
    assert eased([9, 7, 100], 50) == 8 and eased([9, 7, 100], 500) == 7
    phases = [{"until": 10, "n": 1}, {"n": 2}]
    assert phase_at(phases, 9)["n"] == 1 and phase_at(phases, 10)["n"] == 2
    assert rate_scale(99, 100, -1, 0) == 1 and rate_scale(150, 100, 100, 100) == 0.5
    assert annealed_from(None, 7, 0) == -1 and annealed_from(None, 7, 5) == 7
    assert annealed_from({"annealed_from": 3}, 7, 5) == 3


def test_running_means():
    means = Means()
    means.add({"loss": 2.0})
    assert means == {"loss": 2.0}
    for _ in range(200):
        means.add({"loss": 1.0})
    assert means["loss"] == pytest.approx(1, abs=0.01)
