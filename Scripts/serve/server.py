"""A server as a whole process, and what it is asked."""

import base64
import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("FLEXVLM_SERVE")
RECEIPT = ROOT / "Weights/examples/receipt.png"
QUESTION = "what is the total?"
ANSWER = "$49.21"
TINY = ROOT / "Tests/FlexVLMTests/Fixtures/parity/tiny-a"
"""Random weights, a context of 4,096 tokens, LLaVA's conversation: answers are long."""


class Server:
    """A server on a free port, until the end of the block."""

    def __init__(self, *options, key=None, program=PROGRAM):
        environment = {**os.environ, "FLEXVLM_API_KEY": key} if key else os.environ
        self.process = subprocess.Popen(
            [program, "serve", "--port", "0", *options],
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
