"""Fixtures of both test files."""

import pytest
import torch

from pages.compose import page


@pytest.fixture(autouse=True)
def gradients():
    """The reference implementation, tested in the same process, switches them off."""
    with torch.enable_grad():
        yield


@pytest.fixture(scope="module")
def pages():
    return [page(11, i, 504, full=i % 2) for i in range(8)]
