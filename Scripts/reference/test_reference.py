"""reference against the official code's tokens and cells."""

import json
from pathlib import Path

import pytest
from PIL import Image

from reference.model import Model

FIXTURES = Path(__file__).parents[2] / "Tests/FlexVLMTests/Fixtures/parity"


@pytest.mark.parametrize("backend", ["numpy", "torch"])
@pytest.mark.parametrize("name", ["tiny-a", "tiny-b", "tiny-c", "tiny-d", "tiny-e-gqa"])
def test_official_tokens_and_cells(name: str, backend: str) -> None:
    pytest.importorskip(backend)
    folder = FIXTURES / name
    expected = json.loads((folder / "expected.json").read_text())
    mode = expected["modes"]["hd"]
    model = Model(folder / "model.gguf", backend)
    image = model.encode_image(Image.open(folder / "image.png").convert("RGB"))
    answer = model.complete(image, expected["prompt"], len(mode["tokens"]))
    assert answer.tokens == mode["tokens"]
    assert answer.text == mode["text"]
    assert [list(cells.values()) for cells in answer.cells] == mode["cell_bits"]


def test_tokenizer() -> None:
    model = Model(FIXTURES / "tiny-a" / "model.gguf")
    cases = json.loads((FIXTURES / "tokenizer" / "expected.json").read_text())["encode"]
    assert len(cases) > 50
    for case in cases:
        assert model.encode_text(case["text"]) == case["ids"], case["text"]
