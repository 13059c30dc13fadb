"""python -m pytest Scripts/train/test_training.py: the data says what it shows, and runs can be resumed."""

import os
import random
import socket

import numpy as np
import pytest
import torch

from asking import Question, center
from average import mean
from columns import Columns
from crops import Crops, busiest
from dense_targets import CHARACTERS, CLASSES, IGNORE, crop, dense_targets, page_targets
from joint import TrainedTower
from language import LanguageModel, attend
from model import DenseHeads, VisionTower
from optim import Optimizer, precision
from packing import FAMILIES, margins
from pages.canvas import Canvas
from pages.compose import make_theme, page
from pages.forms import draw_rows
from pages.layouts import column
from pages.tables import draw_columns, table
from peers import Peers
from pretrain_vision import make_optimizer
from questions import questions
from runs import Means, annealed_from, eased, phase_at, rate_scale
from views import encode
from words import COLUMNS, printed, value


JOINT = {
    "vision": {"width": 64},
    "pretrain": {
        "muon_rate": 0.01,
        "adam_rate": 0.01,
        "phases": [{"weights": {"role": 1.0, "place": 1.0}}],
    },
}


@pytest.fixture(autouse=True)
def gradients():
    """The reference implementation, tested in the same process, switches them off."""
    with torch.enable_grad():
        yield


@pytest.fixture(scope="module")
def pages():
    return [page(11, i, 504, full=i % 2) for i in range(8)]


def test_a_page_is_a_function_of_seed_and_index():
    first, again, other = (page(3, i, 336) for i in (5, 5, 6))
    assert (first.pixels == again.pixels).all()
    assert first.facts == again.facts
    assert (first.pixels != other.pixels).any()


def test_characters_lie_in_their_boxes(pages):
    for one in pages:
        for run in one.runs:
            if run.text:
                assert len(run.centers) == len(run.text)
                assert run.box[0] - 1 <= run.centers[0] and run.centers[-1] <= run.box[2] + 1
                assert run.box[1] <= run.y <= run.box[3]


def test_a_column_too_narrow_for_text_stays_empty():
    rng = random.Random(1)
    canvas = Canvas(rng, 400, 400, make_theme(rng, 40.0))
    column(canvas, (100, 20, 99, 380), 1.0)
    assert not canvas.runs and not canvas.panels


def test_a_label_is_printed_whole_or_shorter():
    rng = random.Random(2)
    number = {printed(rng, "invoice number") for _ in range(100)}
    assert {"invoice number", "invoice", "invoice no."} <= number
    assert all(text.startswith("invoice") for text in number)
    assert {printed(rng, "number") for _ in range(20)} == {"number"}


def test_text_is_not_background(pages):
    """Where a character is said to be, the page is not of one colour (allowing for thin, pale or
    degraded writing in one of ten)."""
    plain = total = 0
    for one in pages:
        for run in one.runs:
            for c, x in zip(run.text, run.centers):
                if c.isalnum() and 10 < x < 494 and 10 < run.y < 494 and run.size > 8:
                    y, x = int(run.y), int(x)
                    total += 1
                    plain += np.ptp(one.pixels[y - 4 : y + 4, x - 4 : x + 4].astype(int)) < 20
    assert total > 500 and plain < total / 10


def test_places_of_shapes_are_where_the_answers_say():
    """Of one shape on the page, in halves and in thirds of it, and of two to each other."""
    axis = {"left": (0, -1), "right": (0, 1), "top": (1, -1), "bottom": (1, 1)}
    axis |= {"above": axis["top"], "below": axis["bottom"]}
    rng = random.Random(4)
    rows, columns = {"top": 0, "middle": 1, "bottom": 2}, {"left": 0, "center": 1, "right": 2}
    alone = pairs = thirds = 0
    for i in range(12):
        shown = page(12, i, 1008, scenes=0.5)
        for q in questions(shown, rng):
            if q.family == "rel" and q.text.startswith("Where "):
                row, column = ("middle " + q.answer).split()[-2:]
                x, y = center(q.target[0])
                longest = max(shown.width, shown.height)
                shares = (
                    0.5 + (at / 1008 - 0.5) * longest / extent
                    for at, extent in ((y, shown.height), (x, shown.width))
                )
                assert [int(3 * share) for share in shares] == [rows[row], columns[column]]
                thirds += 1
            elif q.family == "rel" and q.answer in axis:
                one = center(q.target[0])
                other = center(q.target[1]) if len(q.target) > 1 else (504, 504)
                side, sign = axis[q.answer]
                assert (one[side] - other[side]) * sign > 0
                alone, pairs = alone + (len(q.target) == 1), pairs + (len(q.target) == 2)
    assert alone > 5 and pairs > 5 and thirds > 5


def test_some_pages_are_nothing_but_shapes():
    scenes = [page(14, i, 336, full=0.0, scenes=1.0) for i in range(4)]
    assert not any(run.text for one in scenes for run in one.runs)
    assert sum(len(one.shapes) for one in scenes) > 8


def test_kinds_of_few_labels_are_drawn_as_often_as_others():
    """E-mail addresses are one label in a hundred, and stand in one form of three."""
    rng = random.Random(15)
    canvas = Canvas(rng, 400, 400, make_theme(rng, 14))
    forms = [draw_rows(canvas, 12) for _ in range(200)]
    assert all(len({label for label, *_ in form}) > 3 for form in forms)
    assert sum(any("@" in text for *_, text in form) for form in forms) > 55


def test_slots_spell_the_runs(pages):
    for one in pages:
        dense = dense_targets(one, 36, legible=1)
        shown = sum(c in CHARACTERS for r in one.runs for c in r.text)
        assert (dense["slots"] > 0).sum() <= shown
        assert (dense["slots"] != IGNORE).any()


def test_crops_ignore_what_they_do_not_show(pages):
    dense = dense_targets(pages[1], 36)
    cut = crop(dense, slice(10, 18), slice(10, 18))
    assert cut["slots"].shape == (8, 8, 4) and "label_span" not in cut
    assert (cut["label"] != IGNORE).sum() <= (dense["label"][10:18, 10:18] != IGNORE).sum()


def test_targets_of_a_page_lie_where_its_features_do(pages):
    """Of the low view's patches, then of the high view's; a crop knows only of itself."""
    of = page_targets(pages[1], 12, 3)
    assert all(array.shape == (12 * 12 * 10, CLASSES[name][0]) for name, array in of.items())
    middle = crop(dense_targets(pages[1], 36), slice(12, 24), slice(24, 36))
    for name, array in of.items():
        assert (array[144:].reshape(36, 36, -1)[12:24, 24:36] == middle[name]).all()


@pytest.mark.parametrize("whole", [0.0, 1.0])
def test_patches_of_a_step_come_with_their_own_targets(whole):
    """Written patches are not of one colour, and a step of some patches costs as much as one of
    whole crops."""
    phase = {"tokens": 64, "whole": whole, "pages": 8, "crops": 2, "full": 0.0}
    config = {
        "geometry": {"low": 224, "zoom": 3, "patch": 14},
        "pretrain": {"ease": [9, 9, 1], "phases": [phase]},
    }
    patches, targets, places = Crops(config, 1)[0]
    count, tokens = places.shape
    assert (count, tokens) == ((2 * 3, 256) if whole else (8 * 3, 64))
    assert patches.shape == (count, tokens, 588) and (places.diff(dim=1) > 0).all()
    assert all(len(of) == count * tokens for of in targets.values())
    written = targets["slots"][:, 0] > 0
    contrast = (patches.amax(2).int() - patches.amin(2)).flatten()
    assert written.sum() > 50 and (contrast[written] > 20).float().mean() > 0.9


def test_answers_that_are_copied_stand_where_they_say(pages):
    for one in pages:
        asked: list[Question] = questions(one, random.Random(1))
        for q in asked:
            if q.answer_run >= 0:
                assert one.runs[q.answer_run].text == q.answer
            assert "{" not in q.text and q.text.strip()


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
    patches = torch.zeros(24 * 24, 3)
    text = np.zeros((24, 24), bool)
    text[3:5, 2:20] = True
    chosen = busiest(patches, text, 80, np.random.default_rng(1))
    assert len(chosen) == len(set(chosen)) == 80
    assert set(np.flatnonzero(text)) <= set(chosen)
    full = busiest(patches, np.ones((24, 24), bool), 96, np.random.default_rng(2))
    assert len(full) == 96 and full[-1] - full[0] == 95  # four whole rows


def test_a_tower_in_training_is_asked_for_the_patches_it_saw(pages):
    """Every chosen patch meets its own targets, and the tower learns from them."""
    torch.manual_seed(0)
    tower = VisionTower(grid=12, patch=14, width=64, layers=0, heads=2)
    heads = DenseHeads(64, CLASSES, 12)
    optimizer = make_optimizer(tower, heads, JOINT["pretrain"])
    saved = {"heads": heads.state_dict(), "tower_optimizer": optimizer.state_dict()}
    trained = TrainedTower(tower.to(precision("cpu")), saved, JOINT, "cpu")
    one = pages[1]
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


def test_only_the_first_row_of_an_answer_about_a_place_is_asked_for_its_column():
    torch.manual_seed(0)
    config = {"geometry": {"low": 56, "patch": 14, "zoom": 3}, "language": {"width": 8}}
    columns = Columns(config, None, "cpu")
    rel, kv = (FAMILIES.index(k) for k in ("rel", "kv"))
    batch = {
        "owner": torch.tensor([[0, 0, 1, 1, 2]]),
        "family": torch.tensor([[rel, kv, rel]]),
        "early": torch.tensor([[7, 7, 7, 7, -1]]),  # of 12 x 12 cells; the last is about nothing
    }
    tokens, rows = torch.randn(1, 16, 8), torch.randn(1, 5, 8, requires_grad=True)
    loss, wrong = columns.loss(tokens, rows, batch)
    loss.backward()
    assert [bool(of.any()) for of in rows.grad[0]] == [True, False, False, False, False]
    read = columns.heads["row"](torch.nn.functional.rms_norm(rows[0, 0], (8,))).argmax()
    assert wrong == abs(int(read) - 2)  # cell 7 of its row is in column 2 of 4
    for _ in range(50):
        columns.step()
        columns.loss(tokens, rows.detach(), batch)[0].backward()
    assert columns.loss(tokens, rows, batch)[1] == 0
    again = Columns(config, columns.state_dict(), "cpu")
    assert again.loss(tokens, rows, batch)[0] == columns.loss(tokens, rows, batch)[0]
    batch["family"][:] = kv
    assert columns.loss(tokens, rows, batch)[1] == 0.0


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
    other = state(3.0) | {"optimizer": {"state": {}}, "tower_optimizer": {}}
    found = mean(one | {"step": 7, "annealed_from": 3}, other, 0.25)
    assert found["model"]["w"].tolist() == [0.25 * 1.5 + 0.75 * 3.0] * 2
    assert found["tower"]["t"].tolist() == [1.0] and found["step"] == 7
    assert found["optimizer"]["state"] == {} and "tower_optimizer" not in found
    assert annealed_from(found, 7, 5) == 7


def test_tables_have_heads_of_all_kinds_with_values_of_their_type():
    heads = [draw_columns(random.Random(seed), 4) for seed in range(100)]
    assert all(1 <= len(of) <= 4 for of in heads)
    known = sum(head in COLUMNS for of in heads for head in of)
    assert 0.5 < known / sum(map(len, heads)) < 0.8
    assert all(value(random.Random(0), kind) for of in heads for kind in of.values())


def test_the_cells_of_a_row_lie_side_by_side():
    for seed in range(150):
        rng = random.Random(seed)
        canvas = Canvas(rng, 900, 500, make_theme(rng, 14))
        table(canvas, (20, 20, 880, 480))
        rows: dict[float, list] = {}
        for run in canvas.runs:
            rows.setdefault(run.y, []).append((run.box[0], run.box[2]))
        for row in rows.values():
            edges = [x for box in sorted(row) for x in box]
            assert edges == sorted(edges) and edges[0] >= 20 and edges[-1] <= 881


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
