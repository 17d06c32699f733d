"""Failures of TensorFlow and Keras in tasks, on one engine so that it is imported once; and a prediction that works."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def shapes_do_not_fit():
    import tensorflow

    return tensorflow.matmul(tensorflow.ones((2, 3)), tensorflow.ones((2, 3)))  # where: shapes_do_not_fit


def shapes_fit():
    import tensorflow

    return float(tensorflow.reduce_sum(tensorflow.matmul(tensorflow.ones((2, 3)), tensorflow.ones((3, 2)))))


def wrong_input():
    import keras
    import numpy

    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(1)])
    return model(numpy.ones((2, 5)))  # where: wrong_input


def dataset_returned():
    import tensorflow

    return iter(tensorflow.data.Dataset.range(3))


def index_out_of_range():
    import tensorflow

    table = tensorflow.ones((3, 2))
    return tensorflow.gather(table, [7]).numpy()  # where: index_out_of_range
