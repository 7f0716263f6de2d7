"""The page itself: for every eye and ear, quick with 40,000 words, in step with the sound, never fooled by a text."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from clipper.errors import InputError
from clipper.plan import store
from clipper.show import read_show
from tests.studio.conftest import Running, Start, Tab
from tests.studio.words import ARABIC, long_out

ENGLISH = ["The", "strangest", "thing", "I", "ever", "found", "was", "a", "bell", "that", "rang", "all", "by", "itself"]
EVIL = "</script><img src=x onerror=\"document.title='owned'\"><svg onload=document.title='owned'>{{7*7}}"

FIFTIETH = 0.02  # seconds of the processor that a step may take at 50 frames a second
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SCROLL = """async () => {
    const script = document.querySelector('.script'), gaps = [];
    let last = 0;
    script.scrollTop = 0;
    await new Promise((done) => {
        let n = 0;
        const step = (now) => {
            if (last) gaps.push(now - last);
            last = now;
            script.scrollTop += 90;
            if (++n < 150) requestAnimationFrame(step); else done();
        };
        requestAnimationFrame(step);
    });
    gaps.sort((a, b) => a - b);
    return { rate: 1000 / gaps[Math.floor(gaps.length / 2)], words: document.querySelectorAll('.script .w').length };
}"""
# each time another word is lit: the sound's clock then, the word, and how long ago the frame before was
LIT = """() => {
    const audio = document.querySelector('audio'), canvas = document.querySelector('.screen canvas');
    window.lit = []; window.pictures = new Set();
    let frame = performance.now(), before = frame, was = '';
    const tick = (now) => {
        before = frame; frame = now; pictures.add(canvas.dataset.frame);
        requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    new MutationObserver(() => {
        const now = audio.currentTime, i = document.querySelector('.w.now')?.dataset.i;
        if (i !== undefined && i !== was) lit.push([now, Number(i), (performance.now() - before) / 1000]);
        was = i;
    }).observe(document.querySelector('.script'), { subtree: true, childList: true, attributeFilter: ['class'] });
}"""
FRAME = 1 / 30


@pytest.mark.parametrize(
    ("wishes", "views"),
    [
        ({}, ("#/", "#/clip/c1", "#/look", "#/names", "#/send")),
        ({"color_scheme": "dark"}, ("#/", "#/clip/c1", "#/look", "#/names", "#/send")),
        ({"viewport": {"width": 390, "height": 844}}, ("#/", "#/clip/c1", "#/look", "#/send")),
    ],
    ids=["light", "dark", "narrow"],
)
def test_axe_finds_nothing(served: Running, tab: Callable[..., Tab], wishes: dict, views: tuple[str, ...]):
    from axe_playwright_python.sync_playwright import Axe

    it = tab(served, reduced_motion="reduce", **wishes)
    axe = Path(__import__("axe_playwright_python").__file__).with_name("axe.min.js").read_text(encoding="utf-8")
    assert Axe
    for view in views:
        it.go(view)
        it.until(f"location.hash === '{view}' && !document.querySelector('[aria-busy]')")
        time.sleep(0.6)
        it.page.evaluate(axe)
        found = it.page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        wrong = [(v["id"], v["help"], [n["target"] for n in v["nodes"]][:3]) for v in found["violations"]]
        assert not wrong, (view, wrong)
        assert it.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), f"{view} scrolls sideways"
    assert not it.faults


def test_at_200_percent_and_in_german(served: Running, tab: Callable[..., Tab]):
    it = tab(served, viewport={"width": 720, "height": 450}, device_scale_factor=2, locale="de-DE")
    it.page.wait_for_selector(".clip-card")
    assert it.page.evaluate("document.documentElement.lang") == "de"
    assert it.page.get_by_role("button", name="Behalten:").count() >= 5
    for view in ("#/", "#/clip/c1", "#/look", "#/send"):
        it.go(view)
        time.sleep(0.5)
        assert it.page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), view


def test_what_goes_wrong_and_why_a_clip_was_chosen_is_told_in_german(
    start: Start, out: Path, tab: Callable[..., Tab], tmp_path: Path
):
    it = tab(start(out), locale="de-DE")
    it.page.wait_for_selector(".clip-card")
    plan = store.load(out)
    told = it.page.locator(".clip-card .why").all_inner_texts()
    english = {*plan.clips[0].reasons, *plan.clips[0].warnings}
    assert told[0]
    assert not english & set(told)
    asked = {"do": "step", "clip": "c1", "edge": "end", "count": -500, "unit": "sentence"}
    it.page.evaluate("asked => { import('/static/api.js').then((m) => m.edit(asked)) }", asked)
    it.page.locator(".toast").wait_for()
    said = it.page.locator(".toast").inner_text()
    assert "als es gibt" in said or "bliebe nichts" in said, said
    # what libraries find wrong in a file or a request, too
    wrong = {
        "count = 99999": "höchstens 1000 (es ist 99999)",
        "count = 'x'": "eine ganze Zahl (es ist 'x')",
        "formats = 1": "eine Liste",
    }
    for line, german in wrong.items():
        (tmp_path / "clipper.toml").write_text(f"[clips]\n{line}\n")
        with pytest.raises(InputError) as fault:
            read_show(tmp_path / "clipper.toml")
        told = it.page.evaluate("text => import('/static/i18n.js').then((m) => m.tr(text))", fault.value.message)
        assert f"erwartet wird {german}" in told, told
    (tmp_path / "clipper.toml").unlink()
    it.page.evaluate(
        "() => { import('/static/api.js').then((m) => m.does(() => m.get('peaks', { start: 'x', end: 2 }))) }"
    )
    it.page.locator(".toast", has_text="versteht diese Anfrage nicht: query.start").wait_for()
    text = store.plan_path(out).read_text(encoding="utf-8")
    store.plan_path(out).write_text(text.replace("clips:\n", "clips:\n  - id: [\n", 1), encoding="utf-8")
    it.page.locator(".note.bad").wait_for()
    assert "Zeile" in it.page.locator(".note.bad").inner_text()
    it.page.locator(".note.bad button").click()
    it.page.locator(".note.bad").wait_for(state="detached")
    assert store.plan_path(out).read_text(encoding="utf-8") == text


def test_two_tabs_that_change_the_same_thing_see_both_sides(start: Start, out: Path, tab: Callable[..., Tab]):
    it = tab(start(out))
    it.page.wait_for_selector(".clip-card")
    it.page.evaluate("""async () => {
        const m = await import('/static/api.js'), title = (title) => ({ do: 'title', clip: 'c1', title });
        await m.post('edits', { version: m.state.plan.version, edit: title('From the other tab') });
        m.edit(title('From this tab'));
    }""")
    asked = it.page.get_by_role("dialog")
    asked.wait_for()
    assert {"From the other tab", "From this tab"} <= set(asked.locator(".sides p").all_inner_texts())
    assert "From the other tab" in store.plan_path(out).read_text(encoding="utf-8")
    asked.get_by_role("button", name="Take mine").click()
    it.page.locator(".clip-card h2", has_text="From this tab").wait_for()
    it.saved()
    assert "From this tab" in store.plan_path(out).read_text(encoding="utf-8")


def test_both_catalogues_have_every_text():
    from clipper.studio.app import STATIC

    english, german = (json.loads((STATIC / "i18n" / f"{k}.json").read_text(encoding="utf-8")) for k in ("en", "de"))
    assert english.keys() == german.keys()


def test_40000_words_open_quickly_and_scroll_smoothly(
    start: Start, tab: Callable[..., Tab], tmp_path: Path, sample_audio: Path
):
    """What it costs is counted in elements and in the processor's own time; `make bench BENCH_ARGS=studio` measures."""
    one = start(long_out(tmp_path / "out", 40_000, ENGLISH, sample_audio))
    one.client().get("/api/plan")
    it = tab(one)
    it.page.wait_for_selector(".clip-card")
    it.go("#/clip/c2")
    it.page.wait_for_selector(".script .w.in")
    assert it.page.evaluate("document.querySelectorAll('.script .w').length") < 3000
    devtools = it.page.context.new_cdp_session(it.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        told = devtools.send("Performance.getMetrics")["metrics"]
        return sum(m["value"] for m in told if m["name"] in ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration"))

    before = spent()
    took = it.page.evaluate(SCROLL)
    each = (spent() - before) / 150
    print(f"{took['rate']:.0f} frames a second, {took['words']} words in the page, {1000 * each:.1f} ms a step")
    assert took["words"] < 3000
    assert each < FIFTIETH
    it.page.evaluate("document.querySelector('.script').scrollTop = 1e9")
    it.until("Boolean(document.querySelector('.script [data-i=\"39999\"]'))")
    assert not it.faults


def test_the_lit_word_is_the_one_that_is_heard(served: Running, tab: Callable[..., Tab]):
    """Lit within a frame of the sound's own clock, wherever the browser got to draw in time itself."""
    it = tab(served)
    it.page.wait_for_selector(".clip-card")
    it.go("#/clip/c1")
    it.page.wait_for_selector(".script .w.in")
    starts = json.loads(it.page.evaluate("fetch('/api/transcript').then(r => r.text())"))["start"]
    begin = json.loads(it.page.evaluate("fetch('/api/plan').then(r => r.text())"))["clips"][0]["span"]["start"]
    it.page.evaluate(LIT)
    it.page.locator("#play").click()
    in_time = "window.lit.filter(([now, i, gap]) => now > 0.5 && gap < 1 / 30).length"
    it.until(f"{in_time} >= 8", 40)
    it.page.locator("#play").click()
    seen = [row for row in it.page.evaluate("window.lit") if row[0] > 0.5]
    late = [(begin + now - starts[i] / 100, gap) for now, i, gap in seen]
    assert all(abs(off) <= FRAME for off, gap in late if gap < FRAME), late
    assert all(off <= gap + FRAME for off, gap in late), late  # and on a busy machine no later than its own frames
    assert it.page.evaluate("window.pictures.size") > 10, "the picture stood still"


def test_right_to_left_words_read_from_the_right(
    start: Start, tab: Callable[..., Tab], tmp_path: Path, sample_audio: Path
):
    it = tab(start(long_out(tmp_path / "out", 600, ARABIC, sample_audio, "ar")))
    it.page.wait_for_selector(".clip-card")
    it.go("#/clip/c1")
    it.page.wait_for_selector(".script .w.in")
    first, second = (it.page.locator(".script .w.in").nth(k).bounding_box()["x"] for k in (0, 1))
    assert first > second
    it.page.locator(".script").focus()
    was = it.page.locator(".script .caret").get_attribute("data-i")
    it.page.keyboard.press("ArrowLeft")
    assert int(it.page.locator(".script .caret").get_attribute("data-i")) == int(was) + 1


def test_no_text_is_ever_markup(start: Start, found: Path, tab: Callable[..., Tab], tmp_path: Path):
    """A page, a feed, a transcript and a folder that try to run scripts, in every field that the studio shows."""
    import shutil

    out = Path(shutil.copytree(found, tmp_path / "<img src=x onerror=alert(1)>"))
    plan = store.load(out)
    clip = plan.clips[0].changed(
        title=EVIL, hook=EVIL, text=EVIL, captions=EVIL, reasons=(EVIL,), warnings=(EVIL,), topic=EVIL,
        proposed_title=EVIL,
    )  # fmt: skip
    rows = [{"heard": "bell", "written": EVIL, "count": 1, "where": EVIL, "applied": True, "certain": True}]
    plan = type(plan).model_validate(
        {**plan.model_dump(), "show": EVIL, "title": EVIL, "guests": [EVIL], "coverage": [(EVIL, EVIL)],
         "clips": [clip.model_dump(), *[c.model_dump() for c in plan.clips[1:]]], "spelling": rows}
    )  # fmt: skip
    store.save(plan, out)
    words = json.loads((out / "transcript.json").read_text(encoding="utf-8"))
    words["segments"][0]["words"][0]["word"] = " <img/src=x/onerror=document.title='owned'>"
    (out / "transcript.json").write_text(json.dumps(words), encoding="utf-8")
    it = tab(start(out))
    it.page.wait_for_selector(".clip-card")
    for view in ("#/", "#/clip/c1", "#/names", "#/look", "#/episodes"):
        it.go(view)
        time.sleep(0.7)
        assert (
            it.page.evaluate("document.querySelectorAll('main img[src=x], main svg[onload], main script').length") == 0
        )
        assert it.page.title() != "owned"
    it.go("#/")
    it.page.wait_for_selector(".clip-card")
    assert EVIL in it.page.locator(".clip-card h2").first.inner_text()
    assert not [f for f in it.faults if "Content Security" in f], it.faults
