"""The sentiment network: fitted, saved and read again; what is shipped is as good as its card says."""

import json
import os
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness import places
from harness.errors import BadInput, CannotWork
from harness.inputs import evaluation, network, parts
from tests.inputs.test_parts import sentiment140_file

SMALL = replace(network.DEFAULT, tokens=16, embedding=8, units=8, mark_units=4, least=1, batch=32, epochs=2)
SHIPPED = places.MODELS / "sentiment.keras"
CARD = places.MODELS / "README.md"


@pytest.fixture(scope="module")
def small() -> network.Fitted:
    return network.fit(parts.made(), seed=5, settings=SMALL, verbose=0)


@pytest.fixture(scope="module")
def shipped():
    return network.load(SHIPPED)


def test_a_network_learns_what_is_good_and_bad_in_made_tweets(small):
    found = evaluation.evaluate(small.model, parts.made().test)
    assert found.all.accuracy > 0.9
    assert small.history["epoch"].tolist() == [1, 2]
    assert small.history["loss"].is_monotonic_decreasing


def test_the_same_seed_gives_the_same_network_and_another_seed_another(small):
    texts = parts.made().test["text"]
    again, other = (network.fit(parts.made(), seed, SMALL, verbose=0).model for seed in (5, 6))
    before = network.probabilities(small.model, texts)
    assert network.probabilities(again, texts).tolist() == before.tolist()
    assert network.probabilities(other, texts).tolist() != before.tolist()


def test_a_saved_network_reads_text_and_a_network_that_stood_there_is_kept(small, tmp_path):
    file, texts = tmp_path / "mine.keras", parts.made().test["text"]
    file.write_bytes(b"what stood there")
    copy = network.save(small, file)
    assert copy.read_bytes() == b"what stood there"
    assert sorted(tmp_path.iterdir()) == sorted([copy, file])
    read = network.load(file)
    assert network.probabilities(read, texts).tolist() == network.probabilities(small.model, texts).tolist()


def test_a_file_that_is_no_network_is_refused_in_one_line(tmp_path):
    (tmp_path / "broken.keras").write_bytes(b"PK not a zip")
    for file in (tmp_path / "broken.keras", tmp_path / "absent.keras"):
        with pytest.raises(BadInput, match=r"run `harness model fit`$") as refusal:
            network.load(file)
        assert str(file) in str(refusal.value)
        assert "\n" not in str(refusal.value)


def test_both_vocabularies_are_known_to_the_layers_that_read_them(small):
    words, marks = network.vocabularies(parts.made(), SMALL)
    assert {"love", "hate", "film"} <= set(words)
    assert {":)", ":(", "..."} <= set(marks)
    by_size = {layer.vocabulary_size(): layer for layer in small.model.layers if hasattr(layer, "vocabulary_size")}
    assert by_size[len(words) + 2].get_vocabulary()[2:] == words
    assert by_size[len(marks) + 1].get_vocabulary()[1:] == marks


@settings(max_examples=15)
@given(texts=st.lists(st.text(max_size=300), min_size=1, max_size=6), data=st.data())
def test_any_text_gets_a_probability_that_does_not_depend_on_the_others(shipped, texts, data):
    together = network.probabilities(shipped, pd.Series(texts))
    assert together.shape == (len(texts),)
    assert ((together > 0) & (together < 1)).all()
    cut = data.draw(st.integers(1, len(texts)))
    apart = [network.probabilities(shipped, pd.Series(part)) for part in (texts[:cut], texts[cut:]) if part]
    np.testing.assert_allclose(np.concatenate(apart), together, atol=1e-5)


def test_the_shipped_network_takes_a_column_of_texts_as_well(shipped):
    import tensorflow as tf

    flat = shipped(tf.constant(["great!", "awful :("])).numpy()
    column = shipped(tf.constant([["great!"], ["awful :("]])).numpy()
    assert flat.shape == column.shape == (2, 1)
    np.testing.assert_allclose(flat, column, atol=1e-6)
    assert flat[0, 0] > 0.5 > flat[1, 0]


def test_the_shipped_network_needs_no_python_but_keras():
    import zipfile

    config = json.loads(zipfile.ZipFile(SHIPPED).read("config.json"))
    modules = set(re.findall(r'"module": "([\w.]+)"', json.dumps(config)))
    assert modules
    assert {module.split(".")[0] for module in modules} == {"keras"}
    assert SHIPPED.stat().st_size < 3_000_000


def test_the_shipped_network_is_as_good_as_its_card_says(shipped):
    try:
        test = parts.vader().test
    except CannotWork as offline:
        pytest.skip(f"needs the rated texts: {offline}")
    found = evaluation.evaluate(shipped, test)
    assert found.all.texts == 1000
    assert found.polar.accuracy >= 0.88
    assert found.polar.balanced_accuracy >= 0.87
    card = CARD.read_text(encoding="utf-8")
    for one in (found.all, found.polar):
        low, high = one.accuracy_interval
        assert f"{one.accuracy:.3f} ({low:.3f} to {high:.3f})" in card
        low, high = one.balanced_accuracy_interval
        assert f"{one.balanced_accuracy:.3f} ({low:.3f} to {high:.3f})" in card
        for rated, row in zip(("negative or 0", "positive"), one.confusion, strict=True):
            assert f"| rated {rated} | {row[0]} | {row[1]} |" in card


@pytest.mark.heavy
def test_fit_from_the_command_line_says_what_it_does_and_nothing_of_tensorflow(tmp_path):
    file, out = sentiment140_file(tmp_path), tmp_path / "mine.keras"
    out.write_bytes(b"mine of yesterday")
    command = [sys.executable, "-m", "harness", "model", "fit", str(file), "--data", "sentiment140", "--epochs", "1"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TF_")}
    done = subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, env=environment, cwd=places.CLONE, timeout=200
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "fitting on 160, validating on 20; seed 11" in done.stdout
    assert "val_loss" in done.stdout
    (copy,) = tmp_path.glob("mine.until-*.keras")
    assert copy.read_bytes() == b"mine of yesterday"
    assert f"the network that stood there is kept as {copy}" in done.stdout
    assert network.load(out)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["tweets.csv"], "--data vader takes no file"),
        (["--data", "sentiment140"], "--data sentiment140 needs its file"),
        (["--data", "sentiment140", "none.csv"], "none.csv: No such file"),
        (["--out", "mine.h5"], "mine.h5: Keras saves networks in .keras files"),
        (["--out", "nowhere/mine.keras"], "there is no folder nowhere"),
        (["--epochs", "0"], "0 is not in the range x>=1"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused_in_one_line(arguments, complaint, capsys):
    from harness.cli import main

    with pytest.raises(SystemExit) as exit_:
        main(["model", "fit", *arguments])
    assert exit_.value.code == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1
