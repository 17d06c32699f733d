"""What the processes that check have imported before they are forked; nothing here may start a thread."""

import hypothesis
import pandas
import pytest

import harness.course.check
import harness.course.diagnosis
import harness.course.workspace
import harness.views

__all__ = ["harness", "hypothesis", "pandas", "pytest"]
