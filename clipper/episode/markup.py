"""Markdown or HTML in, a `Document` out.

Markdown is read by markdown-it-py, HTML by the standard library's event parser: neither is asked to recurse.
"""

from __future__ import annotations

import html
import re

from clipper.episode.htmlevents import HtmlEvents
from clipper.episode.phrases import limit
from clipper.episode.structure import Builder, Document, without_repeats

MEDIA = re.compile(r"\.(?:mp3|m4a|m4b|aac|ogg|oga|opus|flac|wav|weba)(?=$|[?#])", re.IGNORECASE)
_BULLET = re.compile(r"^[ \t]*[•·‣▪●◦➤►→][ \t ]+", re.MULTILINE)
_PERCENT_EMBED = re.compile(r"^[ \t]*%\[([^\]\s]+)\][ \t]*$", re.MULTILINE)
_SHORTCODE = re.compile(r"\{\{[<%]\s*(/?[\w-]+)?([^{}]*?)[%>]\}\}|\{%-?\s*(/?[\w-]+)?([^{}]*?)-?%\}")
_VIDEO_ID = re.compile(r"[\w-]{11}")
_QUOTED = re.compile(r"""["']([^"']+)["']|(\S+)""")


def read_markdown(text: str) -> Document:
    """A Markdown page, with the HTML in it, without its front matter."""
    from markdown_it import MarkdownIt

    text = _SHORTCODE.sub(_shortcode, _PERCENT_EMBED.sub(lambda m: f"\n{_iframe(m[1])}\n", text))
    text = _BULLET.sub("- ", text)
    reader = MarkdownIt("commonmark", {"maxNesting": limit("read", "nesting")}).enable(["table", "strikethrough"])
    build = Builder()
    markup = HtmlEvents(build, breaks=True)
    for token in reader.parse(text):
        match token.type:
            case "heading_open":
                build.begin("heading", int(token.tag[1]))
            case "bullet_list_open" | "ordered_list_open" | "table_open":
                build.open_list()
            case "bullet_list_close" | "ordered_list_close" | "table_close":
                build.close_list()
            case "list_item_open" | "tr_open":
                build.open_item()
            case "th_open" | "td_open":
                build.text(" ")
            case "th_close" | "td_close":
                build.text(" | ")
            case "blockquote_open":
                build.open_quote()
            case "blockquote_close":
                build.close_quote()
            case "paragraph_open":
                build.begin("paragraph")
            case "paragraph_close" | "heading_close" | "tr_close":
                build.end()
            case "fence" | "code_block":
                build.begin("code")
                build.text(token.content)
                build.end()
            case "html_block":
                build.end()
                markup.read(token.content, breaks=False)
            case "inline":
                for child in token.children or ():
                    match child.type:
                        case "text" | "code_inline":
                            build.text(child.content)
                        case "softbreak" | "hardbreak":
                            build.text("\n")
                        case "link_open":
                            build.open_link(str(child.attrs.get("href", "")))
                        case "link_close":
                            build.close_link()
                        case "image":
                            build.image(child.content, str(child.attrs.get("src", "")))
                        case "html_inline":
                            markup.read(child.content, breaks=True)
    build.end()
    build.document.lines = without_repeats(build.document.lines)
    return build.document


def read_html(text: str) -> Document:
    """An HTML page: its article, or all but what is around it, and what its head says in front matter's words."""
    build = Builder()
    markup = HtmlEvents(build, breaks=False)
    markup.read(_PERCENT_EMBED.sub(lambda m: _iframe(m[1]), text), breaks=False)
    build.end()
    document = build.document
    for wanted in ("article", "main", ""):
        lines = [line for line in document.lines if line.region == wanted]
        if sum(len(line.text) for line in lines) >= 80 or wanted == "":
            document.lines = lines or [line for line in document.lines if line.region != "aside"] or document.lines
            break
    document.lines = without_repeats(document.lines)
    document.meta = markup.meta()
    return document


def _iframe(url: str) -> str:
    return f'<iframe src="{html.escape(url)}"></iframe>'


def _shortcode(found: re.Match[str]) -> str:
    """What a site generator would put here, as far as it is a player or a sound; otherwise nothing."""
    name = (found[1] or found[3] or "").casefold()
    arguments = [a or b for a, b in _QUOTED.findall(found[2] or found[4] or "")]
    for argument in arguments:
        value = argument.partition("=")[2] if re.match(r"[\w-]+=", argument) else argument
        if MEDIA.search(value):
            return f'<audio src="{html.escape(value)}"></audio>'
        if value.startswith(("http://", "https://")) and name in (
            "embed",
            "iframe",
            "youtube",
            "spotify",
            "video",
            "audio",
        ):
            return _iframe(value)
        if name == "youtube" and _VIDEO_ID.fullmatch(value):
            return _iframe(f"https://www.youtube.com/watch?v={value}")
    return ""
