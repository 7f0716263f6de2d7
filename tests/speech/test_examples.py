"""The examples in the room's docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import clipper.speech

MODULES = [
    m.name
    for m in pkgutil.walk_packages(clipper.speech.__path__, "clipper.speech.")
    if not m.name.endswith(("engines.faster_whisper", "engines.openai_whisper"))
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0
