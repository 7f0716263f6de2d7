"""The API takes nonsense of any kind and answers in its own words: fuzzed through its OpenAPI document."""

import re
import shutil
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

from clipper.plan import store
from clipper.studio.app import bare
from clipper.studio.guard import Door
from clipper.studio.shelf import shelf

# what would really begin long work, look through the whole episode, or never end
NOT = re.compile(r"/(events|render|check|pack|publish|reveal|more|sound|frames?)$")
EACH = 14  # requests of each operation


@pytest.fixture(scope="module")
def out(found: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(found, tmp_path_factory.mktemp("fuzz") / "out"))


def test_nothing_crashes_and_every_answer_is_of_its_kind(out: Path):
    schema = schemathesis.openapi.from_asgi("/api/openapi.json", bare(shelf(str(out)), Door(1)))
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()
        if NOT.search(operation.path):
            continue
        tried += 1

        @settings(max_examples=EACH, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(case=operation.as_strategy())
        def nonsense(case: schemathesis.Case) -> None:
            answer = case.call()
            case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])
            assert "Traceback" not in answer.text
            if answer.status_code >= 400:
                assert answer.json().keys() & {"error", "detail"}

        nonsense()
    assert tried > 15
    store.load(out)  # and the plan is still one
