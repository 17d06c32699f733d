"""A mean of means, and what it should be."""


def mean(numbers):
    return sum(numbers) / len(numbers)


def main(view):
    means = view.map_sync(mean, [[1, 2, 3], [10]])
    return {"mean": mean(means), "parts": 2}


def expected():
    return {"mean": mean([1, 2, 3, 10]), "parts": 2}
