"""A clip as a piece of a web page, and all picks as a page that a guest ticks offline. In: `Pick`s; out: HTML.

Every word is escaped; nothing is loaded from anywhere else. What the guest saves is read by `answers`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from html import escape
from urllib.parse import quote

from clipper.export.own.picks import Pick
from clipper.export.own.words import words

_STYLE = """
:root { color-scheme: light dark; --line: #8885; --accent: #0b6bcb; }
* { box-sizing: border-box; }
body { font: 17px/1.55 system-ui, sans-serif; max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 6rem; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: 1.15rem; margin: 0 0 .5rem; }
article { border-top: 1px solid var(--line); padding: 1.5rem 0; }
video { display: block; width: auto; height: auto; max-width: 100%; max-height: 70vh; background: #000;
  border-radius: .5rem; }
details { margin: .75rem 0; } summary { cursor: pointer; } p { margin: .5rem 0; }
fieldset { border: 0; padding: 0; margin: .75rem 0; display: flex; gap: 1.25rem; flex-wrap: wrap; }
label { display: inline-flex; gap: .5rem; align-items: center; min-height: 2.75rem; }
input[type=radio] { width: 1.25rem; height: 1.25rem; }
textarea, input[type=text] { width: 100%; font: inherit; padding: .5rem; border: 1px solid var(--line);
  border-radius: .4rem; background: transparent; color: inherit; }
button { font: inherit; font-weight: 600; padding: .75rem 1.25rem; border: 0; border-radius: .5rem; color: #fff;
  background: var(--accent); cursor: pointer; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; } #said { min-height: 1.5em; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
"""
_SCRIPT = """
const facts = JSON.parse(document.getElementById("facts").textContent);
const form = document.forms[0];
function answer() {
  return { schema: 1, plan: facts.plan, by: form.elements.by.value.trim(),
    clips: facts.clips.map(c => ({ id: c.id, content: c.content,
      answer: form.elements["answer-" + c.id].value || null,
      note: form.elements["note-" + c.id].value.trim() })) };
}
form.addEventListener("submit", event => {
  event.preventDefault();
  const text = JSON.stringify(answer(), null, 1) + "\\n";
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "answer.json";
  link.click();
  const open = answer().clips.filter(c => c.answer === null).length;
  document.getElementById("said").textContent = facts.saved + (open ? " " + facts.open.replace("{n}", open) : "");
});
"""


def embed(one: Pick, language: str) -> str:
    """A clip for a web page, with its captions; the files lie beside it under these names."""
    label = words(language)("language") if words(language).language == language.split("-")[0] else language
    width, height = one.size
    name = quote(one.slug)
    return (
        f'<video controls playsinline preload="none" width="{width}" height="{height}" poster="{name}.jpg" '
        f'style="max-width:100%;max-height:80vh;width:auto;height:auto" aria-label="{escape(one.title)}">\n'
        f'  <source src="{name}.mp4" type="video/mp4">\n'
        f'  <track kind="captions" src="{name}.vtt" srclang="{escape(language)}" label="{escape(label)}">\n'
        f'  <a href="{name}.mp4">{escape(one.title)}</a>\n</video>\n'
    )


def embed_page(picks: Sequence[Pick], title: str, language: str) -> str:
    """All embeds on one page, to look at them and to copy from."""
    parts = [_head(title, language, "")]
    for one in picks:
        code = embed(one, language)
        parts.append(
            f"<article><h2>{escape(one.title)}</h2>{code}<details><summary>HTML</summary>"
            f'<pre style="overflow-x:auto"><code>{escape(code)}</code></pre></details></article>'
        )
    return "\n".join([*parts, "</body></html>", ""])


def review_page(
    picks: Sequence[Pick],
    contents: Sequence[str],
    *,
    title: str,
    show: str,
    plan: str,
    language: str,
    spoken: str = "",
) -> str:
    """The page for a guest: watch, tick, save a file and send it back. It opens without a network.

    Args:
        contents: a digest of what each clip shows and says, so that an answer to an older clip is known as such.
        show: who asks; "" where that is not known.
        plan: a digest that names the plan.
        language: of the page, English where there is no catalogue of it; `spoken`: of the clips, if it is another.
    """
    t = words(language)
    clips = [{"id": p.id, "content": c} for p, c in zip(picks, contents, strict=True)]
    facts = {"plan": plan, "clips": clips, "saved": t("saved"), "open": t("open", n="{n}")}
    spoken = spoken or t.language
    # "<" must not end the script element
    data = json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c")
    parts = [
        _head(title, t.language, f"script-src 'sha256-{_sha(_SCRIPT)}'; "),
        f"<p>{escape(t('asked', show=show or t('the-show')))}</p>",
        "<form>",
    ]
    for one in picks:
        name, key = quote(one.slug), escape(one.id)
        lines = "".join(f"<p>{escape(line)}</p>" for line in one.text.split("\n") if line.strip())
        parts.append(
            f'<article aria-labelledby="title-{key}"><h2 id="title-{key}">{escape(one.title)}</h2>'
            f'<video controls playsinline preload="metadata" poster="{name}.jpg" src="{name}.mp4" '
            f'width="{one.size[0]}" height="{one.size[1]}" '
            f'aria-label="{escape(one.title)}"></video>'
            f"<details><summary>{escape(t('said', seconds=f'{one.seconds:.0f}'))}</summary>"
            f'<div lang="{escape(spoken)}">{lines}</div></details>'
            f'<fieldset><legend class="unseen">{escape(t("your-answer"))}</legend>'
            f'<label><input type="radio" name="answer-{key}" value="yes"> {escape(t("yes"))}</label>'
            f'<label><input type="radio" name="answer-{key}" value="no"> {escape(t("no"))}</label></fieldset>'
            f'<label for="note-{key}">{escape(t("note"))}</label>'
            f'<textarea id="note-{key}" name="note-{key}" rows="2" maxlength="2000"></textarea></article>'
        )
    parts += [
        f'<article><label for="by">{escape(t("name"))}</label><input type="text" id="by" name="by" maxlength="200" '
        f'autocomplete="name"><p><button type="submit">{escape(t("save"))}</button></p>'
        '<p id="said" role="status"></p></article>',
        f'</form><script type="application/json" id="facts">{data}</script><script>{_SCRIPT}</script>',
    ]
    return "\n".join([*parts, "</body></html>", ""])


def _head(title: str, language: str, extra: str) -> str:
    policy = f"default-src 'none'; {extra}style-src 'unsafe-inline'; media-src 'self' file:; img-src 'self' file:"
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>"
    )


def _sha(text: str) -> str:
    import hashlib

    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
