"""Many tasks at once: one that fails among good ones, retries, dependencies, answers nobody asks for; and all well."""

import time

import ipyparallel as ipp

COMPANIES = ["amzn", "googl", "msft", "nflx"]
TWEETS = {"amzn": ["Prime day"], "googl": ["search"], "msft": [None], "nflx": ["watch it"]}


def length(company):
    return sum(len(tweet) for tweet in TWEETS[company])  # where: length


def letters(company):
    return len(company)


def one_fails(view):
    return view.map_async(length, COMPANIES).get()


def all_well(view):
    return view.map_async(letters, COMPANIES).get()


def all_fail(view):
    return view.map_async(length, ["ibm", "msft", "msft", "ibm"]).get()


def each_engine_fails(view):
    return view.client[:].apply_sync(length, "msft")


def each_engine_works(view):
    return view.client[:].apply_sync(letters, "msft")


def nobody_asks(view):
    view.map_async(length, COMPANIES)
    return "sent"


def nobody_asks_but_all_well(view):
    view.map_async(letters, COMPANIES)
    return "sent"


def one_handled(view):
    found = []
    for sent in [view.apply_async(length, company) for company in COMPANIES]:
        try:
            found.append(sent.get())
        except ipp.error.RemoteError:
            found.append(None)
    return found


def retried_in_vain(view):
    view.retries = 1
    return view.apply_async(length, "msft").get()


def retried_without_need(view):
    view.retries = 1
    return view.apply_async(letters, "msft").get()


def retried_more_often_than_there_are_engines(view):
    view.retries = 5
    return view.apply_async(length, "msft").get()


def never_runnable():
    return False


def dependency_never_met(view):
    return view.apply_async(ipp.depend(never_runnable)(letters), "amzn").get()


def dependency_failed(view):
    first = view.apply_async(length, "msft")
    with view.temp_flags(after=[first]):
        second = view.apply_async(letters, "amzn")
    return second.get()


def dependency_met(view):
    first = view.apply_async(letters, "msft")
    with view.temp_flags(after=[first]):
        second = view.apply_async(letters, "amzn")
    return second.get()


def scattered_and_one_fails(view):
    direct = view.client[:]
    direct.scatter("companies", COMPANIES, block=True)
    return direct.map_sync(length, COMPANIES)


def scattered(view):
    return view.client[:].map_sync(letters, COMPANIES)


def pickled_argument_fails(view):
    return view.apply_async(letters, (company for company in COMPANIES)).get()


def asked_too_early(view):
    return view.apply_async(time.sleep, 0.5).get(timeout=0.05)


def asked_in_time(view):
    return view.apply_async(letters, "amzn").get(timeout=30)


def unordered(view):
    return sorted(view.map_async(letters, COMPANIES, ordered=False))


def a_thousand(view):
    return sum(view.map_async(letters, COMPANIES * 250, chunksize=20).get())


def state_left_in_the_namespace(view):
    view.client[:].push({"companies": COMPANIES}, block=True)
    return view.client[0].apply_sync(letters, "amzn")


def engine_that_is_not_there(view):
    return view.client[9].apply_sync(letters, "amzn")  # where: engine_that_is_not_there
