"""The clients that people have."""

import os
import subprocess

import pytest

from serve.server import ANSWER, QUESTION, RECEIPT, body


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
