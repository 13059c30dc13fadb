import importlib.util
from pathlib import Path

import pytest

from fixtures.random_checkpoint import Checkpoint

# Training needs PyTorch; the other scripts do not.
collect_ignore = [] if importlib.util.find_spec("torch") else ["train"]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Checkpoint:
    return Checkpoint(tmp_path)
