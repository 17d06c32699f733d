"""Figures as the content of PNG files, whatever names are in them."""

import io
import warnings
from collections.abc import Callable

import matplotlib
from matplotlib.figure import Figure

RESOLUTION = 120  # dots an inch


def png(draw: Callable[[], Figure]) -> bytes:
    """The content of a PNG file with the figure that `draw` makes."""
    written = io.BytesIO()
    # names that come from users are no mathematics, and may be in a script that the font lacks
    with matplotlib.rc_context({"text.parse_math": False}), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        draw().savefig(written, format="png", dpi=RESOLUTION)
    return written.getvalue()
