"""Small programs that tests run as targets."""

from pathlib import Path

HERE = Path(__file__).parent
