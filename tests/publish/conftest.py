"""Asserts in the shared suite are told as those in a test file."""

import pytest

pytest.register_assert_rewrite("tests.publish.suite", "tests.publish.faults")
