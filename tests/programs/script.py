"""A script as analysts write it: its functions call each other, which engines can't know of."""

import json


def helper(number):
    return json.dumps(number)


def task(number):
    return helper(number)


def alone(number):
    return number + 1


class Tweet:
    pass


def main(view):
    return view.map_async(task, range(4)).get()


def on_its_own(view):
    return __name__, view.map_async(alone, range(4)).get()
