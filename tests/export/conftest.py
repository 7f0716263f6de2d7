"""What tests of finished files share: one OUT, rendered once; each test that changes it gets a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.export import small_out


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An OUT with two rendered clips; not to be changed."""
    return small_out.make(tmp_path_factory.mktemp("rendered") / "out")


@pytest.fixture
def out(rendered: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(rendered, tmp_path / "out"))
