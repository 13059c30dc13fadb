"""Many requests, long ones, and the end."""

import concurrent.futures
import json
import re
import signal
import threading
import time

import pytest

from serve.server import TINY, Server, error_of, long_body


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
