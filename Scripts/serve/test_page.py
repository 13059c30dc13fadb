"""The page that the server shows in a browser."""

import base64
import os

import pytest

from serve.server import RECEIPT, TINY, Server


def picture(page, name):
    """A picture of the page, kept where FLEXVLM_PICTURES names a folder."""
    if folder := os.environ.get("FLEXVLM_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("page, name", [((1100, 900), "wide"), ((390, 780), "phone")], indirect=["page"])
def test_page(server, page, name):
    page.goto(f"http://127.0.0.1:{server.port}/")
    page.wait_for_selector("#model:not(:empty)")
    assert page.is_disabled("#send")
    picture(page, f"{name}-empty")
    page.set_input_files("#file", str(RECEIPT))
    page.wait_for_selector("#view img")
    # By the keyboard alone from here.
    page.wait_for_selector("#question:focus")
    # Of this answer enough cells are seen that some of the picture is clear.
    page.keyboard.type("what is the title?")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=of the cells seen", timeout=300_000)
    assert page.inner_text(".answer") == "Corner Cafe"
    # Some cells are framed, others darkened.
    colours = page.evaluate("""() => {
      const canvas = at("cells"), data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      let dark = 0, framed = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] && data[i] < 40) dark++;
        else if (data[i + 3] === 255) framed++;
      }
      return [dark / (canvas.width * canvas.height), framed];
    }""")
    assert 0.2 < colours[0] < 0.95 and colours[1] > 100
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    picture(page, name)
    assert page.faults == []


def test_page_drop_and_stop(tiny, page):
    page.goto(f"http://127.0.0.1:{tiny.port}/")
    page.wait_for_selector("#model:not(:empty)")
    image = base64.b64encode((TINY / "image.png").read_bytes()).decode()
    page.evaluate("""async (image) => {
      const bytes = Uint8Array.from(atob(image), c => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], "a.png", { type: "image/png" }));
      document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
    }""", image)
    page.wait_for_selector("#view img")
    page.evaluate("ask('why?'); at('stop').click()")
    page.wait_for_selector("text=Stopped.")
    tiny.wait_until_idle()
    assert page.faults == []


def test_page_key(page):
    with Server(key="secret") as server:
        page.goto(f"http://127.0.0.1:{server.port}/")
        page.wait_for_selector("#key")
        page.fill("#key", "secret")
        page.press("#key", "Enter")
        page.wait_for_selector("text=flexvlm-mini")
        assert page.is_hidden("#key")
