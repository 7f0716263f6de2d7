"""Whatever goes wrong is told in the page's language: every error and remark has its German."""

import re

from tests.studio.said import catalogue, remarks, templates


def test_every_error_and_every_remark_has_its_german():
    known = catalogue()
    lacking = {text: place for text, place in {**templates(), **remarks()}.items() if text not in known}
    assert not lacking, "say them in clipper/studio/static/i18n/said.de.json; python -m tests.studio.said lists them"
    assert len(templates()) > 600
    holes = re.compile(r"\{\d\}")
    for english, german in known.items():
        assert set(holes.findall(english)) == set(holes.findall(german)), english
