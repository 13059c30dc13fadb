"""Requests and their responses."""

import json
import shutil
import subprocess

import pytest

from serve.server import ANSWER, PROGRAM, RECEIPT, Server, body, error_of


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
