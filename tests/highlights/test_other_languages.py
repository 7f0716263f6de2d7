"""A German and a Spanish episode: what a producer would not post is not offered there either."""

from __future__ import annotations

import pytest

from clipper.episode.model import Episode
from clipper.highlights.find import find
from clipper.highlights.model import Candidate, Findings, Settings

from .episodes import Part, read, transcript

GERMAN = Episode(
    title="Zwölf Jahre Licht: die Leuchtturmwärterin Frauke Petersen",
    language="de",
    topics=(
        "Der Sturm, die Teller und der Fischer mit den Eiern",
        "Siebenundachtzig Tage allein mit einem Wasserkocher",
        "Das neunte Boot",
        "Warum ein Leuchtturm für die Hoffnung steht",
    ),
)
SPANISH = Episode(
    title="El afinador de campanas",
    language="es",
    topics=(
        "La campana del Esperanza y la boda",
        "Los hermanos y el límite del bronce",
        "Robar un oficio con los ojos",
    ),
)
EPISODES = {"de": ("german_talk.txt", GERMAN), "es": ("spanish_talk.txt", SPANISH)}


@pytest.fixture(scope="module", params=sorted(EPISODES))
def searched(request: pytest.FixtureRequest) -> tuple[str, list[Part], Findings]:
    name, page = EPISODES[request.param]
    parts = read(name)
    wish = Settings(count=8 if request.param == "de" else 5, shortest=15.0, longest=50.0)
    return request.param, parts, find(transcript(parts, request.param), page, wish)


def words_of(findings: Findings, one: Candidate) -> range:
    return range(findings.sentences[one.first].first, findings.sentences[one.last - 1].last)


def test_there_are_candidates_and_each_opens_and_ends_clean(searched: tuple[str, list[Part], Findings]) -> None:
    _, _, findings = searched
    assert len(findings.candidates) >= 4
    for one in findings.candidates:
        assert one.opens.startswith("opens clean"), one.text
        assert one.ends.startswith("ends clean"), one.text
        assert one.text.rstrip('"“').endswith((".", "!"))


def test_none_touches_the_sponsor_read_the_greeting_the_trailer_or_the_sign_off(
    searched: tuple[str, list[Part], Findings],
) -> None:
    code, parts, findings = searched
    read_aloud = ("Moorblick", "Lanas del Norte")
    greeting = ("herzlich willkommen", "Danke für die Einladung", "bienvenidos", "Gracias por invitarme")
    signoff = ("vielen Dank für das", "Danke fürs Zuhören", "muchas gracias por esta", "Gracias por escucharnos")
    barred = [p for p in parts if p.who == "T" or any(x in p.text for x in (*read_aloud, *greeting, *signoff))]
    assert len(barred) >= 5 + (code == "de")
    for one in findings.candidates:
        inside = words_of(findings, one)
        for part in barred:
            assert not (inside.start < part.last and part.first < inside.stop), (one.text, part.text)


def test_no_opening_leans_on_what_came_before(searched: tuple[str, list[Part], Findings]) -> None:
    _, parts, findings = searched
    starts = {p.first: p for p in parts}
    for one in findings.candidates:
        part = starts.get(words_of(findings, one).start)
        before = parts[parts.index(part) - 1] if part is not None and parts.index(part) else None
        if part is not None and before is not None and before.text.endswith("?") and not part.text.endswith("?"):
            shared = {w[:5] for w in part.text.lower().split()[:12]} & {w[:5] for w in before.text.lower().split()}
            assert shared, f"an answer without its question: {part.text[:60]}"


def test_titles_and_hooks_are_whole_and_short(searched: tuple[str, list[Part], Findings]) -> None:
    code, parts, findings = searched
    page = EPISODES[code][1]
    told = " ".join(p.text for p in parts).lower()
    titles = [c.title for c in findings.candidates]
    assert len(set(titles)) == len(titles)
    for one in findings.candidates:
        for line in (one.title, one.hook):
            assert len(line) <= 60
            bullet = any(line.split(" (")[0].rstrip("…") in b for b in (*page.topics, page.title or ""))
            words = line.lower().rstrip("?!")
            assert bullet or not line or words in told or ", " in line, line


def test_the_reason_the_title_and_the_plan_name_the_same_bullet(searched: tuple[str, list[Part], Findings]) -> None:
    code, _, findings = searched
    bullets = EPISODES[code][1].topics
    named = 0
    for one in findings.candidates:
        for reason in one.reasons:
            if reason.signal == "topic":
                assert one.topic is not None
                assert reason.evidence == f"“{bullets[one.topic]}”"
                named += 1
        if one.title in bullets:
            assert one.topic == bullets.index(one.title)
    assert named >= 2


def test_bullets_find_their_passage(searched: tuple[str, list[Part], Findings]) -> None:
    code, _, findings = searched
    said = {"de": ("Rührei", "Wasserkocher", "neunte", "Hoffnung"), "es": ("boda", "bronce", "roban")}[code]
    found = 0
    for row, word in zip(findings.topics, said, strict=True):
        if row.span is not None:
            inside = " ".join(s.text for s in findings.sentences if row.span.start <= s.start < row.span.end)
            found += word.lower() in inside.lower()
    assert found >= len(said) - 1


def test_the_german_trailer_is_known_and_its_source_offered() -> None:
    parts = read("german_talk.txt")
    findings = find(transcript(parts, "de"), GERMAN, Settings(count=8, shortest=15.0, longest=50.0))
    assert any("cold open" in note for note in findings.notes)
    assert any("für Leute gebaut" in c.text or "Sonnenuntergang verpasst" in c.text for c in findings.candidates)


@pytest.mark.parametrize("code", sorted(EPISODES))
def test_without_punctuation_nothing_opens_with_a_word_that_points_back(code: str) -> None:
    name, page = EPISODES[code]
    findings = find(transcript(read(name), code, plain=True), page, Settings(count=5, shortest=15.0, longest=50.0))
    back = {"de": ("und", "aber", "er", "das", "weil", "genau"), "es": ("y", "pero", "él", "eso", "porque", "ella")}
    assert findings.candidates
    for one in findings.candidates:
        assert one.text.split()[0] not in back[code]
        assert any("full stop" in w for w in one.warnings)
