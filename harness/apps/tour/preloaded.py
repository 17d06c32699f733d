"""Imported before engines are forked, this has done for all of them what each else does for itself before the tour.

Not the network: loading it starts TensorFlow's threads, which a fork would lose. But that TensorFlow is to use one
thread is said here: to an engine, which may be given its first task before it is told to start up.
"""

from importlib import import_module

from harness.analysis import lemmas, sentiment

# after the analysis' sentiment, which sets variables that TensorFlow, which comes with Keras, reads as it is imported
for module in ("harness.analysis.sequential", "keras"):
    import_module(module)
sentiment.use_one_thread()
lemmas.count(["words"])
