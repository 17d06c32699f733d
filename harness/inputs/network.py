"""The sentiment network: built, fitted and saved. Text goes in, the probability that it is positive comes out."""

import os
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from harness.errors import BadInput
from harness.inputs.parts import Parts

SEEDS = (11, 23, 37, 53, 71)  # preset; the first is the shipped network's


@dataclass(frozen=True)
class Settings:
    """Sizes of the network and of its fit; chosen by cross-validation on tweets that are not in the test."""

    tokens: int = 32  # words read of a text; more are cut off
    words: int = 20_000  # most words known
    marks: int = 2_000  # most tokens with punctuation known: ":)", "great!!", "#fail"
    least: int = 3  # times that a word or mark stands in the texts, to be known
    embedding: int = 32
    units: int = 32  # of the LSTM, each way
    mark_units: int = 16
    dropout: float = 0.3
    certainty: float = 2.5  # a text rated r is positive with probability 1 / (1 + exp(−certainty · r))
    lexicon_scale: float = 0.5  # a rated word's first embedding value is this times its rating, before fitting
    learning_rate: float = 3e-3
    batch: int = 128
    epochs: int = 6  # at most: validation ends it earlier


DEFAULT = Settings()


@dataclass(frozen=True)
class Fitted:
    """A fitted network, and its losses: a table with columns `epoch`, `loss` and `val_loss`."""

    model: Any
    history: pd.DataFrame
    seed: int

    @property
    def best_epoch(self) -> int:
        """The epoch, counted from 1, whose weights were kept: the one with the least validation loss."""
        return int(self.history.loc[self.history["val_loss"].idxmin(), "epoch"])


def keras() -> Any:
    """The module keras on TensorFlow, imported (some seconds) without TensorFlow's messages on the screen."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow says that oneDNN is on whatever the log level; off, more machines also give the same digits.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
    import keras as module

    return module


def compute_on_one_thread() -> None:
    """Let TensorFlow compute on one thread: then a seed gives the same weights on any number of cores.

    Raises RuntimeError where TensorFlow has computed already.
    """
    keras()
    from tensorflow.config import threading

    threading.set_intra_op_parallelism_threads(1)
    threading.set_inter_op_parallelism_threads(1)


def probabilities(model: Any, texts: pd.Series) -> np.ndarray:
    """How probable `model` finds it that each text is positive, shape (n,)."""
    batches = [texts[first : first + 1024] for first in range(0, len(texts), 1024)]
    # Called, not `predict`: that compiles anew for every network, too dear for a thousand texts.
    return np.concatenate([model(_strings(batch), training=False).numpy().reshape(-1) for batch in batches])


def build(words: list[str], marks: list[str], settings: Settings) -> Any:
    """The network with fresh weights: strings of shape (n,) in, probabilities of shape (n, 1) out.

    Words go without case and punctuation through an embedding and a bidirectional LSTM, whose largest
    values over the text are kept. Beside it stands what that loses: which `marks`, tokens with punctuation,
    the text has. Both vocabularies are inside the network, so it is one file and needs no Python but Keras.
    """
    layers = keras().layers
    text = keras().Input((), dtype="string", name="text")
    read_words = layers.TextVectorization(
        vocabulary=words, output_sequence_length=settings.tokens, standardize="lower_and_strip_punctuation"
    )
    read_marks = layers.TextVectorization(vocabulary=marks, output_mode="multi_hot", standardize="lower")
    known = read_words.vocabulary_size()
    sequence = layers.Embedding(known, settings.embedding, name="embedding")(read_words(text))
    sequence = layers.Bidirectional(layers.LSTM(settings.units, return_sequences=True))(sequence)
    said = layers.GlobalMaxPooling1D()(sequence)
    marked = layers.Dense(settings.mark_units, activation="relu")(read_marks(text))
    both = layers.Dropout(settings.dropout)(layers.Concatenate()([said, marked]))
    positive = layers.Dense(1, activation="sigmoid", name="positive")(both)
    return keras().Model(text, positive, name="sentiment")


def fit(parts: Parts, seed: int = SEEDS[0], settings: Settings = DEFAULT, verbose: int | str = "auto") -> Fitted:
    """Fit a network on `parts.train`; stop when the loss on `parts.validation` rises; keep the best weights.

    The same parts, seed and settings give the same weights on the same machine. `verbose` is that of Keras'
    `Model.fit`: 0 nothing, 1 a progress bar, 2 a line an epoch.
    """
    words, marks = vocabularies(parts, settings)
    keras().utils.set_random_seed(seed)
    model = build(words, marks, settings)
    _start_from_lexicon(model, words, parts.lexicon, settings.lexicon_scale)
    model.compile(keras().optimizers.Adam(settings.learning_rate), loss="binary_crossentropy")
    patience = keras().callbacks.EarlyStopping(patience=1, restore_best_weights=True)
    record = model.fit(
        _examples(parts.train, settings).shuffle(len(parts.train), seed=seed).batch(settings.batch),
        validation_data=_examples(parts.validation.assign(weight=1.0), settings).batch(settings.batch),
        epochs=settings.epochs,
        callbacks=[patience],
        shuffle=False,  # by Keras; the examples are
        verbose=verbose,
    )
    history = pd.DataFrame(record.history).rename_axis("epoch").reset_index()
    history["epoch"] += 1
    # Of the same layers, but never compiled: saved without the optimiser's state it is a third the size.
    return Fitted(keras().Model(model.inputs, model.outputs, name="sentiment"), history, seed)


def vocabularies(parts: Parts, settings: Settings = DEFAULT) -> tuple[list[str], list[str]]:
    """The words and the marks that a network knows, those of `parts.train` by falling frequency.

    Both count from `settings.least` of a kind; words also if the lexicon rates them.
    """
    texts = parts.train["text"].str.lower()
    words = Counter(word for text in texts for word in _bare(text).split())
    rated = _rated_words(parts.lexicon)
    known = [word for word, count in words.most_common() if count >= settings.least or word in rated]
    known += [word for word in rated if word not in words]
    marks = Counter(token for text in texts for token in text.split() if not token.isalnum())
    # Two numbers stand for padding and for all unknown words.
    return known[: settings.words - 2], [token for token, n in marks.most_common(settings.marks) if n >= settings.least]


def save(fitted: Fitted, path: Path) -> Path | None:
    """Write the network to `path`, a .keras file; the copy kept of a file that stood there, if one did.

    A reader sees the old file or the new one, at no time a part or none.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.stem}-{os.getpid()}.keras")
    copy = None
    try:
        fitted.model.save(unfinished)
        if path.exists():
            copy = path.with_name(f"{path.stem}.until-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}{path.suffix}")
            shutil.copy2(path, copy)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return copy


def load(path: Path) -> Any:
    """The network in `path`. Raises BadInput where there is none that Keras can read."""
    if not path.is_file():
        raise BadInput(f"no sentiment network at {path}: run `harness model fit`")
    try:
        return keras().saving.load_model(path, compile=False)
    except (ValueError, OSError, KeyError, TypeError) as problem:
        why = str(problem).splitlines()[0][:100]
        raise BadInput(f"{path} is not a network that Keras can read ({why}): run `harness model fit`") from None


def _examples(table: pd.DataFrame, settings: Settings) -> Any:
    """A tf.data.Dataset of (text, probability of positive, weight)."""
    from tensorflow.data import Dataset

    positive = 1 / (1 + np.exp(-settings.certainty * table["rating"].to_numpy()))
    return Dataset.from_tensor_slices((_strings(table["text"]), positive, table["weight"].to_numpy()))


def _strings(texts: pd.Series) -> Any:
    import tensorflow as tf

    return tf.constant(texts.tolist(), shape=(len(texts),), dtype=tf.string)


def _start_from_lexicon(model: Any, words: list[str], lexicon: pd.DataFrame, scale: float) -> None:
    """Set the first embedding value of rated words by their rating, of all others to 0.

    A word that the fitted texts have seldom or never starts with what ten people thought of it.
    """
    embedding = model.get_layer("embedding")
    (values,) = embedding.get_weights()
    rated = _rated_words(lexicon)
    values[:, 0] = 0
    values[2 : 2 + len(words), 0] = [scale * rated.get(word, 0) for word in words]
    embedding.set_weights([values])


def _rated_words(lexicon: pd.DataFrame) -> dict[str, float]:
    plain = lexicon[lexicon["text"].str.fullmatch("[a-z'-]+")]
    return dict(zip(plain["text"].map(_bare), plain["rating"], strict=True))


def _bare(text: str) -> str:
    """`text` without the characters that Keras' `lower_and_strip_punctuation` strips."""
    return re.sub(r"""[!"#$%&()*+,\-./:;<=>?@\[\\\]^_`{|}~']""", "", text)
