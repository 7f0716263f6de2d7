"""Three hours of talk are searched in under 20 s."""

from __future__ import annotations

import time

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find

from .talks import said, stories


@pytest.mark.slow
def test_three_hours_are_searched_in_under_twenty_seconds() -> None:
    talk = said(stories(2600))
    assert talk.duration > 3 * 3600
    bullets = ("The lamp of the sailor", "The map of the sailor", "The boat of the sailor")
    page = Episode(title="The kettle and the bridge", topics=bullets)
    begun = time.process_time()
    findings = find(talk, page)
    assert time.process_time() - begun < 20
    assert len(findings.candidates) == 8
