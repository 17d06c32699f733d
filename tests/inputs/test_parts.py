"""The division of rated texts: no part knows another's texts, and nobody's label weighs more than the other's."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.errors import BadInput, CannotWork
from harness.inputs import parts, sentiment140

TWEETS = ["is upset that he can't update", "loves the new phone\u00e9", 'said "no" again, twice', "so, so happy"]


@pytest.fixture(scope="module")
def rated_parts() -> parts.Parts:
    try:
        return parts.vader()
    except CannotWork as offline:
        pytest.skip(f"needs the rated texts: {offline}")


def sentiment140_file(folder: Path, tweets: int = 200) -> Path:
    """A file as Sentiment140's, latin-1, all fields quoted, without a header."""
    file = folder / "training.1600000.processed.noemoticon.csv"
    labelled = [(0 if number % 2 else 4, f"{TWEETS[number % 4]} {'x' * number}") for number in range(tweets)]
    when = "Mon Apr 06 22:19:45 PDT 2009"
    lines = [
        ",".join(
            f'"{field.replace(chr(34), chr(34) * 2)}"' for field in (str(label), "1467", when, "NO_QUERY", "u", text)
        )
        for label, text in labelled
    ]
    file.write_bytes("\n".join(lines).encode("latin-1"))
    return file


def test_no_test_tweet_nor_a_near_copy_of_one_is_fitted_or_validated_on(rated_parts):
    assert (len(rated_parts.test), len(rated_parts.validation)) == (1000, 500)
    assert set(rated_parts.test["source"]) == set(rated_parts.validation["source"]) == {"tweet"}
    known = pd.concat([rated_parts.train, rated_parts.validation])
    assert not set(known["text"].map(parts.letters)) & set(rated_parts.test["text"].map(parts.letters))
    near = parts.near_copies(rated_parts.test["text"])
    assert not known.loc[known["source"] == "tweet", "text"].map(near).any()
    assert not set(rated_parts.train["text"]) & set(rated_parts.validation["text"])


def test_the_division_is_the_same_every_time(rated_parts):
    again = parts.vader()
    pd.testing.assert_frame_equal(again.test, rated_parts.test)
    pd.testing.assert_frame_equal(again.train, rated_parts.train)


def test_positive_texts_weigh_as_much_as_the_others_in_every_source(rated_parts):
    train = rated_parts.train
    for _, of_source in train.groupby("source"):
        positive = of_source["rating"] > 0
        assert of_source["weight"][positive].sum() == pytest.approx(of_source["weight"][~positive].sum())


@given(
    words=st.lists(st.sampled_from(["so", "a", "fine", "day", "for", "tea", "and", "cake"]), min_size=1),
    shout=st.booleans(),
)
def test_a_text_written_otherwise_is_a_near_copy_of_itself(words, shout):
    text = " ".join(words)
    otherwise = f"@anonymous {text.upper() if shout else text}!! :) http://url_removed"
    assert parts.near_copies(pd.Series(["quite another one", text]))(otherwise)
    assert not parts.near_copies(pd.Series(["quite another one"]))(otherwise)


def test_reads_a_sentiment140_file(tmp_path):
    tweets = sentiment140.read(sentiment140_file(tmp_path))
    assert tweets["text"].iloc[:3].tolist() == [
        "is upset that he can't update",
        "loves the new phoneé x",
        'said "no" again, twice xx',
    ]
    assert tweets["rating"].iloc[:4].tolist() == [2.0, -2.0, 2.0, -2.0]


def test_divides_a_sentiment140_file_without_a_common_text(tmp_path):
    divided = parts.emoticon_labelled(sentiment140_file(tmp_path))
    assert (len(divided.train), len(divided.validation), len(divided.test)) == (160, 20, 20)
    assert len(set(pd.concat([divided.train, divided.validation, divided.test])["text"])) == 200
    assert divided.lexicon.empty


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "No such file"),
        (b"", "it is empty"),
        (b"target,id,date,flag,user,text\n0,1,d,f,u,hello\n", r"row 1: 6 fields, the first 'target'"),
        (b"0,1,d,f,u,fine\nhello\n4,1,d,f,u,x\n", r"row 2: 1 fields, the first 'hello'"),
        (b"0,1,d,f,u,fine\n7,1,d,f,u,x\n", r"row 2: 6 fields, the first '7'"),
        (b"0,1,d,f,u,fine\n4,1,d,f,u,x, and, y\n", "row 1|row 2|Expected 7"),
        (b"0,1,d,f,u,fine,6\n4,1,d,f,u,x,7\n", r"row 1: 7 fields"),
        (b"0,1,d,f,u,fine\n0,1,d,f,u,x\n", "targets are all 0"),
        (b'"0","1","d","f","u","no end', "EOF inside string"),
        (b"PK\x03\x04\x14\x00\x06\x00\x08\x00", "row 1"),
        ("0,1,d,f,u,fine\n4,1,d,f,u,x\n".encode("utf-16"), "row 1"),
        (b"0,1,d,f,u,fine\n4,1,d,f,u,x\n", "2 different tweets"),
    ],
)
def test_a_file_that_is_not_sentiment140s_is_named_with_its_fault_in_one_line(tmp_path, content, complaint):
    file = tmp_path / "mine.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(BadInput, match=complaint) as refusal:
        parts.emoticon_labelled(file)
    assert str(file) in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert "training" in str(refusal.value)
