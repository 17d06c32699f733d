"""What a reply tells of the tasks that it answers: of one, or together of many engines' tasks.

The latter is what a coalescing broadcast view gets. ipyparallel 9.2's broadcast scheduler waits for the replies of all
engines and sends one on: the results one after the other, and as its status that of the reply that came last
(`coalescing_reply` in its broadcast_scheduler.py). As measured on bare ipyparallel with four engines:

- a task fails before others end: the reply is ok, its result is missing, nothing is raised, and `engine_id` names four
  engines beside three results;
- a task fails last: its error is all there is; neither results nor other errors come;
- an engine dies: EngineError at once, whatever the others do;
- all goes well: results come in the scheduler's order of engines, 0, 2, 1, 3, as `engine_id` says;
- a result can't be unpickled, or the controller has `broadcast_scheduler_depth=0`: the client fails to read the reply,
  so that none ever comes.

It stays so while it is recorded, but for the last, which `reading.apart` answers.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ipyparallel as ipp

from harness.store.schema import UNTOLD


def message_id(reply: Mapping[str, Any]) -> str:
    """The id of the message that a reply answers, as the client that sent it knows it."""
    metadata = reply["metadata"]
    together = metadata.get("is_broadcast") and metadata.get("is_coalescing")
    return metadata["original_msg_id"] if together else reply["parent_header"]["msg_id"]


def of_one(result: Any) -> dict[str, Any]:
    """What the event `reply` says of a task with a reply of its own. result: what the client has, or an error."""
    if isinstance(result, ipp.error.RemoteError):
        return {"status": "error", "type": result.ename, "message": str(result.evalue)[:2000]}
    if isinstance(result, ipp.error.TaskAborted):
        return {"status": "error", "type": type(result).__name__, "message": "it had not begun"}
    return {"status": "ok"}


def of_many(result: Any, engines: Sequence[str], noted: object) -> list[dict[str, Any]]:
    """What the events `reply` say of the tasks of each of these engines, given by their uuids.

    result: what the client has, a list or an error. noted: the uuid, or uuids, that the client noted as its origin.
    """
    told = of_one(result)
    whose = (
        (result.engine_info or {}).get("engine_uuid") or noted if isinstance(result, ipp.error.RemoteError) else None
    )
    if whose in engines:
        return [told if engine == whose else {"status": UNTOLD} for engine in engines]
    if isinstance(result, ipp.error.TaskAborted) or leaves_out(result, engines):
        return [{"status": UNTOLD} for _ in engines]
    return [told for _ in engines]


def leaves_out(result: Any, engines: Sequence[str]) -> bool:
    """Whether the client got results and no error, although not every engine gave a result."""
    return isinstance(result, list) and len(result) < len(engines)
