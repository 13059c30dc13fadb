"""Servers and pages for the tests of `flexvlm serve`, alone and with the clients that people have.

    swift build -c release --traits Serve
    pip install pytest openai llm playwright
    FLEXVLM_SERVE=.build/release/flexvlm python3 -m pytest --confcutdir=Scripts/serve Scripts/serve

Tests whose client is not installed are skipped; those of the page need chromium too.
"""

import shutil

import pytest

from serve.server import PROGRAM, TINY, Server


@pytest.fixture(autouse=True, scope="session")
def program():
    if not PROGRAM:
        pytest.skip("FLEXVLM_SERVE names no program")


@pytest.fixture(scope="module")
def server():
    with Server("--max-body", "1") as server:
        yield server


@pytest.fixture(scope="module")
def tiny():
    with Server("-m", str(TINY / "model.gguf"), "--workers", "1", "--queue", "2") as server:
        yield server


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api")
    program = shutil.which("chromium") or pytest.skip("there is no chromium")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, request):
    width, height = getattr(request, "param", (1100, 900))
    page = browser.new_page(viewport={"width": width, "height": height})
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda line: line.type == "error" and page.faults.append(line.text))
    yield page
    page.close()
