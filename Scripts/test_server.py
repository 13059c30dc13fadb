"""Tests of `flexvlm serve` as a whole process, and with the clients that people have.

    swift build -c release --traits Serve
    pip install pytest openai llm playwright
    FLEXVLM_SERVE=.build/release/flexvlm python3 -m pytest --noconftest Scripts/test_server.py

Tests whose client is not installed are skipped; those of the page need chromium too.
"""

import base64
import concurrent.futures
import contextlib
import ctypes
import http.client
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("FLEXVLM_SERVE")
RECEIPT = ROOT / "Weights/examples/receipt.png"
QUESTION = "what is the total?"
ANSWER = "$49.21"
TINY = ROOT / "Tests/FlexVLMTests/Fixtures/parity/tiny-a"
"""Random weights, a context of 4,096 tokens, LLaVA's conversation: answers are long."""

pytestmark = pytest.mark.skipif(not PROGRAM, reason="FLEXVLM_SERVE names no program")


class Server:
    """A server on a free port, until the end of the block."""

    def __init__(self, *options, key=None):
        environment = {**os.environ, "FLEXVLM_API_KEY": key} if key else os.environ
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", "0", *options],
            stderr=subprocess.PIPE, env=environment, text=True)
        line = self.process.stderr.readline()
        match = re.search(r"http://[^/]*:(\d+),", line)
        assert match, line
        self.port = int(match[1])
        self.log = []
        threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def connect(self, timeout=60):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(self, method, path, body=None, headers=None):
        """Status, headers and body of a response."""
        connection = self.connect()
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        return response.status, response.headers, content

    def ask(self, body, headers=None):
        if isinstance(body, dict):
            body = json.dumps(body)
        return self.request(
            "POST", "/v1/chat/completions", body,
            {"Content-Type": "application/json", **(headers or {})})

    def raw(self, data, timeout=10):
        """What comes back for bytes that need not be HTTP."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as connection:
            connection.sendall(data)
            with contextlib.suppress(OSError):  # where the server has closed already
                connection.shutdown(socket.SHUT_WR)
            return connection.makefile("rb").read()

    def metric(self, name):
        text = self.request("GET", "/metrics")[2].decode()
        return float(re.search(rf"^flexvlm_{re.escape(name)} (\S+)$", text, re.M)[1])

    def wait_until_idle(self, seconds=20):
        end = time.monotonic() + seconds
        while self.metric("requests_running") + self.metric("requests_waiting") > 0:
            assert time.monotonic() < end, "requests are still running"
            time.sleep(0.05)


def data_uri(path):
    return "data:image/png;base64," + base64.b64encode(Path(path).read_bytes()).decode()


def body(question=QUESTION, image=None, model="flexvlm-mini", **fields):
    url = image or data_uri(RECEIPT)
    content = [
        {"type": "text", "text": question}, {"type": "image_url", "image_url": {"url": url}}]
    return {"model": model, "messages": [{"role": "user", "content": content}], **fields}


def long_body(**fields):
    """A request whose answer takes seconds."""
    fields = {"max_tokens": 3000, **fields}
    return body("why?", data_uri(TINY / "image.png"), "tiny-a", **fields)


def error_of(content):
    error = json.loads(content)["error"]
    assert set(error) == {"message", "type", "param", "code"} and error["message"], error
    return error


@pytest.fixture(scope="module")
def server():
    with Server("--max-body", "1") as server:
        yield server


@pytest.fixture(scope="module")
def tiny():
    with Server("-m", str(TINY / "model.gguf"), "--workers", "1", "--queue", "2") as server:
        yield server


# MARK: HTTP


def test_answer(server):
    status, headers, content = server.ask(body())
    reply = json.loads(content)
    assert status == 200 and headers["content-type"] == "application/json"
    assert reply["choices"][0]["message"] == {"role": "assistant", "content": ANSWER}
    assert reply["choices"][0]["finish_reason"] == "stop"
    assert len(reply["flexvlm"]["cells"]) == reply["flexvlm"]["cell_grid"] ** 2 == 144
    assert "access-control-allow-origin" not in headers


def test_stream(server):
    status, headers, content = server.ask(
        body(stream=True, stream_options={"include_usage": True}))
    events = content.decode().split("\n\n")
    assert status == 200 and headers["content-type"] == "text/event-stream"
    assert events[-2:] == ["data: [DONE]", ""]
    chunks = [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
    texts = [c["delta"].get("content", "") for chunk in chunks for c in chunk["choices"]]
    assert "".join(texts) == ANSWER and chunks[-1]["usage"]["completion_tokens"] == 6


def test_other_paths(server):
    assert json.loads(server.request("GET", "/health")[2]) == {"status": "ok"}
    assert json.loads(server.request("GET", "/v1/models")[2])["data"][0]["id"] == "flexvlm-mini"
    assert server.request("GET", "/metrics")[1]["content-type"].startswith("text/plain")
    status, headers, content = server.request("GET", "/")
    assert status == 200 and headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in headers["content-security-policy"] and b"<html" in content
    # Several requests on one connection.
    connection = server.connect()
    for _ in range(3):
        connection.request("GET", "/health")
        assert connection.getresponse().read()


def test_refused(server):
    large = b'{"model":"' + b"a" * (3 << 20) + b'"}'
    for status, code, response in [
        (400, "invalid_json", server.ask("{")),
        (400, "invalid_json", server.ask(b"\xff\xfe")),
        (400, "invalid_image_url", server.ask(body(image="data:image/png;base64,AAAA"))),
        (400, "invalid_image_url", server.ask(body(image="http://example.org/a.png"))),
        (400, "invalid_image_url", server.ask(body(image="file:///etc/passwd"))),
        (400, "unsupported_parameter", server.ask(body(tools=[{}]))),
        (404, "model_not_found", server.ask(body(model="gpt-4o"))),
        (404, "unknown_url", server.request("GET", "/v1/%00/../..")),
        (404, "unknown_url", server.request("POST", "/v1/embeddings", "{}")),
        (405, "method_not_allowed", server.request("GET", "/v1/chat/completions")),
        (413, "request_too_large", server.ask(large)),
        (413, "request_too_large", server.ask(iter([large]))),
        (415, "unsupported_media_type", server.request("POST", "/v1/chat/completions", "{}")),
        (403, "wrong_host", server.request("GET", "/v1/models", headers={"Host": "evil.example"})),
    ]:
        assert response[0] == status and error_of(response[2])["code"] == code, response


@pytest.mark.parametrize("data, status", [
    (b"GARBAGE\r\n\r\n", 400), (b"\x16\x03\x01\x02\x00\x01\x00", 400),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\nContent-Length: x\r\n\r\n", 400),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 431),
    (b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"X: a\r\n" * 5_000 + b"\r\n", 431),
])
def test_no_http(server, data, status):
    head, _, content = server.raw(data).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), head
    error_of(content)


def test_key():
    with Server("--cors-origin", "https://a.example", key="secret") as server:
        for headers, status in [
            ({}, 401), ({"Authorization": "Bearer wrong"}, 401),
            ({"Authorization": "Bearer secret"}, 200),
            ({"Authorization": "Bearer secret", "Host": "box.example"}, 200),
        ]:
            response = server.request("GET", "/v1/models", headers=headers)
            assert response[0] == status
            assert response[1]["access-control-allow-origin"] == "https://a.example"
        assert server.request("GET", "/health")[0] == 200
        status, headers, _ = server.request("OPTIONS", "/v1/chat/completions")
        assert status == 200 and "authorization" in headers["access-control-allow-headers"]
    run = subprocess.run(
        [PROGRAM, "serve", "--host", "0.0.0.0"], capture_output=True, text=True, timeout=10)
    assert run.returncode == 64 and "needs a key" in run.stderr


def test_media_path(tmp_path):
    shutil.copy(RECEIPT, tmp_path / "a b.png")
    (tmp_path / "out.png").symlink_to(RECEIPT)
    with Server("--media-path", str(tmp_path)) as server:
        status, _, content = server.ask(body(image=(tmp_path / "a b.png").as_uri()))
        assert status == 200 and ANSWER in content.decode()
        for address in [(tmp_path / "out.png").as_uri(), RECEIPT.as_uri()]:
            assert server.ask(body(image=address))[0] == 400


# MARK: Work


def test_queue(tiny):
    """One is answered, two wait, the rest are told to come again."""
    responses = []
    threads = [
        threading.Thread(target=lambda: responses.append(tiny.ask(long_body(max_tokens=300))))
        for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = sorted(response[0] for response in responses)
    assert statuses.count(200) >= 3 and statuses.count(429) >= 1 and set(statuses) == {200, 429}
    for status, headers, content in responses:
        if status == 429:
            assert int(headers["retry-after"]) >= 1
            assert error_of(content)["code"] == "rate_limit_exceeded"


@pytest.mark.parametrize("stream", [True, False])
def test_client_goes_away(tiny, stream):
    """Its answer, which would take many seconds, is given up, and the next one has its turn."""
    connection = tiny.connect()
    connection.request(
        "POST", "/v1/chat/completions", json.dumps(long_body(stream=stream)),
        {"Content-Type": "application/json"})
    if stream:
        assert connection.getresponse().read(200)
    else:
        while tiny.metric("requests_running") == 0:
            time.sleep(0.01)
    tokens = tiny.metric("completion_tokens_total")
    connection.close()
    tiny.wait_until_idle()
    assert tiny.metric("completion_tokens_total") == tokens
    assert tiny.ask(long_body(max_tokens=1))[0] == 200


def test_timeout():
    with Server("-m", str(TINY / "model.gguf"), "--timeout", "1", "--workers", "1") as server:
        # More than a second's work.
        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            responses = list(pool.map(
                lambda index: server.ask(long_body(stream=index % 2 == 0)), range(40)))
        for status, _, content in responses:
            assert status in (200, 503)
            if status == 503:
                assert error_of(content)["code"] == "timeout"
            elif content.startswith(b"data: ") and not content.endswith(b"[DONE]\n\n"):
                assert error_of(content.decode().rpartition("data: ")[2])["code"] == "timeout"
        assert any(status == 503 for status, _, _ in responses)
        server.wait_until_idle()


def test_termination():
    """What runs is finished, and nothing new is taken."""
    with Server("-m", str(TINY / "model.gguf"), "-v") as server:
        connection = server.connect()
        connection.request(
            "POST", "/v1/chat/completions", json.dumps(long_body(stream=True, max_tokens=300)),
            {"Content-Type": "application/json"})
        response = connection.getresponse()
        response.read(200)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
        with pytest.raises(OSError):
            server.connect(timeout=5).request("GET", "/health")
        assert response.read().endswith(b"data: [DONE]\n\n")
        assert server.process.wait(20) == 0


def test_log():
    """No client writes lines of its own into the log."""
    with Server("-v") as server:
        server.raw(b"GET /a\x1b[31m%0d%0aflexvlm:\x85 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        server.request("GET", "/health")
        time.sleep(0.3)
        text = "".join(server.log)
        assert "/health 200" in text and not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


# MARK: Images of other machines


class Redirecting(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path[4:])
            self.end_headers()
        elif self.path == "/slow":
            time.sleep(3)
        else:
            content = b"x" * int(self.path[1:])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *_):
        pass


def test_remote_images_of_this_machine_are_refused():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Redirecting) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        with Server("--allow-remote-images") as server:
            port = other.server_port
            for host in ["127.0.0.1", "localhost", "127.1", "2130706433", "[::1]", "0", "0x7f.1"]:
                status, _, content = server.ask(body(image=f"http://{host}:{port}/10"))
                assert status == 400, host
                assert "not on the public internet" in error_of(content)["message"], host
            for address in ["http:///", "https://", "http://[", "http://a b/"]:
                assert server.ask(body(image=address))[0] == 400
        other.shutdown()


def test_fetch(tmp_path):
    """The fetching itself, where the rules allow 127.0.0.1 alone."""
    library = tmp_path / "fetch.so"
    sources = ROOT / "Sources/CFetch"
    subprocess.run(
        ["cc", "-DSERVE", "-shared", "-fPIC", "-Wall", "-Werror", "-I", sources / "include", "-o",
         library, sources / "fetch.c", "-lcurl"], check=True)

    class Result(ctypes.Structure):
        _fields_ = [
            ("bytes", ctypes.POINTER(ctypes.c_uint8)), ("count", ctypes.c_size_t),
            ("status", ctypes.c_long)]

    allows = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.POINTER(ctypes.c_uint8), ctypes.c_size_t)
    code = ctypes.CDLL(str(library))
    code.fetch.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long, allows, ctypes.POINTER(Result)]

    def fetch(address, limit=1000):
        result = Result()
        outcome = code.fetch(
            address.encode(), limit, 1, allows(lambda a, n: bytes(a[:n]) == b"\x7f\0\0\x01"),
            ctypes.byref(result))
        count = result.count
        code.fetch_free(ctypes.byref(result))
        return outcome, count

    fetched, bad, refused, large, wrong, failed = range(6)
    with http.server.ThreadingHTTPServer(("0.0.0.0", 0), Redirecting) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        root = f"http://127.0.0.1:{other.server_port}"
        assert fetch(root + "/1000") == (fetched, 1000)
        assert fetch(root + "/1001")[0] == large
        assert fetch(root + "/to//10") == (fetched, 10)
        assert fetch(root + f"/to/http://127.0.0.2:{other.server_port}/10")[0] == refused
        assert fetch(root + "/to/file:///etc/passwd")[0] != fetched
        assert fetch(root + "/to/" * 5 + "/10")[0] != fetched
        assert fetch(root + "/x")[0] != fetched
        assert fetch(root + "/slow")[0] == failed
        assert fetch(f"http://127.0.0.2:{other.server_port}/10")[0] == refused
        for address in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/"]:
            assert fetch(address)[0] == bad
        other.shutdown()


# MARK: Clients


def test_openai(server, tiny):
    openai = pytest.importorskip("openai")
    client = openai.OpenAI(base_url=f"http://127.0.0.1:{server.port}/v1", api_key="none")
    assert [model.id for model in client.models.list()] == ["flexvlm-mini"]
    reply = client.chat.completions.create(**body(), logprobs=True, top_logprobs=2)
    choice = reply.choices[0]
    assert choice.message.content == ANSWER and choice.finish_reason == "stop"
    assert "".join(token.token for token in choice.logprobs.content) == ANSWER
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    assert reply.model_extra["flexvlm"]["selections"] > 0
    stream = client.chat.completions.create(
        **body(), stream=True, stream_options={"include_usage": True}, extra_body={"policy": "all"})
    chunks = list(stream)
    assert "".join(c.delta.content or "" for chunk in chunks for c in chunk.choices) == ANSWER
    assert chunks[-1].usage.completion_tokens == 6
    with pytest.raises(openai.NotFoundError):
        client.chat.completions.create(**body(model="gpt-4o"))
    with pytest.raises(openai.BadRequestError, match="'n' is not supported"):
        client.chat.completions.create(**body(), n=2)
    talker = openai.OpenAI(base_url=f"http://127.0.0.1:{tiny.port}/v1", api_key="none")
    reply = talker.chat.completions.create(model="tiny-a", max_completion_tokens=4, messages=[
        {"role": "system", "content": "Be brief."}, {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}])
    assert reply.usage.completion_tokens == 4 and reply.choices[0].finish_reason == "length"


@pytest.mark.parametrize("options", [[], ["--no-stream"]])
def test_llm(server, tmp_path, options):
    pytest.importorskip("llm")
    (tmp_path / "extra-openai-models.yaml").write_text(
        f"- model_id: local\n  model_name: flexvlm-mini\n  vision: true\n"
        f"  api_base: http://127.0.0.1:{server.port}/v1\n")
    run = subprocess.run(
        ["python3", "-m", "llm", *options, "-m", "local", QUESTION, "-a", str(RECEIPT)],
        env={**os.environ, "LLM_USER_PATH": str(tmp_path), "OPENAI_API_KEY": "none"},
        capture_output=True, text=True, timeout=120)
    assert run.stdout.strip() == ANSWER, run.stderr


# MARK: The page


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
