"""The API takes nonsense of any kind and answers in its own words: fuzzed through its OpenAPI document."""

import shutil
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from clipper.studio.app import bare
from clipper.studio.guard import Door
from clipper.studio.shelf import shelf

schema = schemathesis.pytest.from_fixture("api")
# what would really begin long work, or end never
NOT = r"^/api/(events|render|check|pack|reveal|more|clips/.*/sound)$"


@pytest.fixture(scope="module")
def api(found: Path, tmp_path_factory: pytest.TempPathFactory):
    out = shutil.copytree(found, tmp_path_factory.mktemp("fuzz") / "out")
    return schemathesis.openapi.from_asgi("/api/openapi.json", bare(shelf(str(out)), Door(1)))


@schema.exclude(path_regex=NOT).parametrize()
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_nothing_crashes_and_all_answers_are_of_their_kind(case):
    from schemathesis.checks import not_a_server_error

    case.call_and_validate(checks=[not_a_server_error, schemathesis.checks.load_all_checks and response_is_known])


def response_is_known(ctx, response, case):
    """A mistake is told in one line, with a mend or none; never as a traceback."""
    assert "Traceback" not in response.text
    if response.status_code >= 400:
        assert set(response.json()) >= {"error", "mend"} or "detail" in response.json()
