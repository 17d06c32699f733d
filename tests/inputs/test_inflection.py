"""Words in made sentences are inflected as English does."""

import pytest

from harness.inputs.inflection import inflect


@pytest.mark.parametrize(
    ("phrase", "form", "expected"),
    [
        ("buy a book", "ed", "bought a book"),
        ("stop", "ed", "stopped"),
        ("try again", "ed", "tried again"),
        ("enjoy", "ed", "enjoyed"),
        ("freeze", "en", "frozen"),
        ("open", "ed", "opened"),
        ("regret", "ing", "regretting"),
        ("panic", "ing", "panicking"),
        ("ship", "ing", "shipping"),
        ("binge a show", "ing", "binging a show"),
        ("read", "ing", "reading"),
        ("watch it", "s", "watches it"),
        ("carry", "s", "carries"),
        ("enjoy", "s", "enjoys"),
        ("gift card", "pl", "gift cards"),
        ("battery", "pl", "batteries"),
        ("series", "pl", "series"),
        ("box", "pl", "boxes"),
        ("hour", "a", "an hour"),
        ("update", "a", "an update"),
        ("unicorn", "a", "a unicorn"),
        ("email", "a", "an email"),
    ],
)
def test_words_are_inflected(phrase, form, expected):
    assert inflect(phrase, form) == expected
