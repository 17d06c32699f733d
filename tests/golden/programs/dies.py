"""A task that reads where it must not."""

import ctypes


def read(company, address):
    print("reading for", company, flush=True)
    return ctypes.string_at(address) if address == 0 else company


def main(view):
    addresses = {"amzn": 1, "googl": 2, "msft": 0}
    return view.map_async(read, list(addresses), list(addresses.values())).get()
