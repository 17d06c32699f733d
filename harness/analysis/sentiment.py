"""Task 3, sentiment: is a tweet positive or negative, asked of the fitted network in `models/`."""

import ctypes
import os
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from harness.errors import BadInput
from harness.places import MODELS

BATCH = 1024  # texts; beyond that, larger batches are no faster
CLOSE = 1e-4  # a thousand times what a probability varies with the batch
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # as glibc's malloc.h has them

# Read by TensorFlow when it is imported: no messages on the screen, among them one about oneDNN's rounding.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")


@cache
def network(path: Path = MODELS / "sentiment.keras"):
    """The network, text in and probability of a positive text out; loaded once a process.

    Keras and TensorFlow are imported here, because that takes seconds and the other tasks don't need them. From now on
    the process keeps the memory of one batch for the next.
    """
    import keras

    if not path.exists():
        raise BadInput(f"no sentiment network at {path}: run `harness model fit`")
    keep_memory()
    return keras.saving.load_model(path, compile=False)


def use_one_thread() -> None:
    """Keep TensorFlow to one thread: engines share the cores already. To be called before `network`."""
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def keep_memory() -> None:
    """Let this process keep the memory of one batch for the next, where its C library is glibc.

    Else some processes give it back after each batch and take it anew, a page at a time: with a table of 30,000 tweets
    that is up to a tenth of the time. See man 3 mallopt; what is set are the greatest M_MMAP_THRESHOLD that glibc takes
    and an M_TRIM_THRESHOLD beyond what a batch needs.
    """
    if set_option := getattr(ctypes.CDLL(None), "mallopt", None):
        set_option(_M_MMAP_THRESHOLD, 32 * 2**20)
        set_option(_M_TRIM_THRESHOLD, 2**30)


def probabilities(texts: list[str]) -> np.ndarray:
    """How probable the network finds it that each text is positive, shape (n,); large batches, few calls."""
    import tensorflow as tf

    ask = network().predict_on_batch
    batches = [tf.constant(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH)]
    return np.concatenate([ask(batch).reshape(-1) for batch in batches])


def classify(texts: pd.Series) -> list[bool | None]:
    """For every tweet, in order: is it positive? None where there is no text to ask about.

    The same text can get a last digit more or less in another batch. So that a label depends on its text only, close
    calls are asked again, each alone.
    """
    labels: list[bool | None] = [None] * len(texts)
    asked = [i for i, missing in enumerate(texts.isna()) if not missing]
    if asked:
        positive = probabilities(texts.iloc[asked].tolist())
        for close in np.flatnonzero(np.abs(positive - 0.5) < CLOSE):
            positive[close] = probabilities([texts.iloc[asked[close]]])[0]
        for i, label in zip(asked, positive >= 0.5, strict=True):
            labels[i] = bool(label)
    return labels


def share_positive(labels: list[bool | None]) -> float | None:
    """The share of positive tweets among those that have a text, 0 to 1; None if none has."""
    known = [label for label in labels if label is not None]
    return sum(known) / len(known) if known else None
