"""Questions to an engine's control thread, which answers while a task runs; see `harness.engine.control`."""

from typing import Any

import ipyparallel as ipp

from harness.engine.control import REQUEST


def ask(client: ipp.Client, engine: int, seconds: float, question: str, **more: Any) -> Any | None:
    """The engine's answer; None if there is no such engine, it does not answer in time, or can't."""
    uuid = client._engines.get(engine)
    if uuid is None:
        return None
    content = {"ask": question, **more}
    future = client._send(client._control_stream, REQUEST, content=content, ident=uuid.encode())
    if not future.wait(seconds):
        return None
    answered = future.result()["content"]
    return answered["answer"] if answered.get("status") == "ok" else None
