"""What an engine answers of its threads is told of those that there are, not of those that there were."""

import threading
from types import SimpleNamespace

from harness.engine import control


def waiting_thread():
    over = threading.Event()
    thread = threading.Thread(target=over.wait, daemon=True)
    thread.start()
    return thread, over


def end(thread, over):
    over.set()
    thread.join()


def test_a_tasks_thread_is_the_users_even_if_it_has_the_number_of_one_that_was_there_before_the_run():
    sent = []
    send = lambda stream, kind, content, **_: sent.append(content)  # noqa: E731
    kernel = SimpleNamespace(control_handlers={}, session=SimpleNamespace(send=send))
    before = waiting_thread()
    number = before[0].ident
    others = []
    with control.answering(kernel, lambda: None, lambda: False):
        end(*before)
        while not others or others[-1][0].ident != number:
            assert len(others) < 200
            others.append(waiting_thread())
        kernel.control_handlers[control.REQUEST](None, None, {"content": {"ask": "waits"}})
    for other in others:
        end(*other)
    [of_task] = [wait for wait in sent[0]["answer"] if wait["ident"] == number]
    assert of_task["own"]
