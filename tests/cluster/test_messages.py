"""Messages survive whatever pieces the socket delivers them in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.cluster.messages import Lines, encode

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5
)


@given(messages=st.lists(st.dictionaries(st.text(), VALUES)), cuts=st.lists(st.integers(1, 50)))
def test_messages_arrive_whole_and_in_order_however_the_bytes_are_cut(messages: list, cuts: list[int]) -> None:
    stream, lines, arrived = b"".join(encode(message) for message in messages), Lines(), []
    for cut in cuts:
        arrived += lines.feed(stream[:cut])
        stream = stream[cut:]
    assert arrived + lines.feed(stream) == messages


@pytest.mark.parametrize("line", [b"[1]\n", b"nonsense\n"])
def test_a_line_that_is_no_json_object_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"JSON|Expecting"):
        Lines().feed(line)
