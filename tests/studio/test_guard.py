"""Nobody but the producer's own browser gets at an episode, and nothing but the episode."""

import contextlib
import os
from pathlib import Path

import httpx
import pytest

from tests.studio.conftest import Running, Start


@pytest.fixture(scope="module")
def inside(served: Running):
    return served.client()


def test_without_the_token_nothing_is_told(served: Running):
    stranger = served.client(let_in=False)
    for path in ("/", "/api/plan", "/api/transcript", "/static/main.js", "/api/openapi.json", "/api/events"):
        answer = stranger.get(path)
        assert answer.status_code == 401, path
        assert "Aoife" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert stranger.get("/?token=wrong").status_code == 401
    assert "set-cookie" not in stranger.get("/?token=wrong").headers


def test_the_address_opens_once_and_the_cookie_is_for_this_page_only(served: Running):
    first = served.address
    opened = httpx.get(first, follow_redirects=False)
    served.address = served.line().split()[-1]
    assert opened.status_code == 303
    assert opened.headers["location"] == "/"
    cookie = opened.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert first.split("token=")[1] not in cookie
    assert httpx.get(first, follow_redirects=False).status_code == 401


def test_another_name_for_this_machine_is_refused(inside: httpx.Client, served: Running):
    """DNS rebinding: a page elsewhere whose name comes to point here sends its own name as Host."""
    port = served.host.split(":")[1]
    for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1.evil.example:{port}", ""):
        assert inside.get("/api/plan", headers={"host": host}).status_code == 403, host
    for host in (f"localhost:{port}", f"127.0.0.1:{port}", f"LOCALHOST:{port}"):
        assert inside.get("/api/session", headers={"host": host}).status_code == 200, host


def test_another_page_may_not_speak_to_it(inside: httpx.Client, served: Running):
    body = {"version": "", "edit": {"do": "pick", "clip": "c1", "picked": True}}
    for origin in ("http://evil.example", "null", served.base.replace("http:", "https:"), "http://localhost:1"):
        assert inside.get("/api/plan", headers={"origin": origin}).status_code == 403, origin
        assert inside.post("/api/edits", json=body, headers={"origin": origin}).status_code == 403, origin
    for site in ("cross-site", "same-site"):
        assert inside.get("/api/plan", headers={"sec-fetch-site": site}).status_code == 403
    without = {"x-clipper": ""}
    for method, path in (("POST", "/api/edits"), ("POST", "/api/undo"), ("DELETE", "/api/work/w1")):
        assert inside.request(method, path, json=body, headers=without).status_code == 403
    assert inside.plan()["clips"][0]["picked"] is None


def test_what_is_too_much_is_refused(inside: httpx.Client):
    assert inside.post("/api/edits", content=b"x" * 1_100_000).status_code == 413

    def endless():
        for _ in range(40):
            yield b"x" * 100_000

    try:
        answer = inside.post("/api/edits", content=endless(), headers={"content-type": "application/json"})
        assert answer.status_code in (400, 413, 422)
    except httpx.TransportError:
        pass  # it may hang up as well
    assert inside.get("/api/session").status_code == 200


def test_an_upload_has_a_bound_and_leaves_nothing_that_is_no_sound(inside: httpx.Client, served: Running):
    assert inside.post("/api/uploads", content=b"x" * 60_000_001).status_code == 413

    def endless():
        for _ in range(70):
            yield b"ID3" + b"x" * 1_000_000

    with contextlib.suppress(httpx.TransportError):  # it may hang up as well
        assert inside.post("/api/uploads", content=endless()).status_code in (413, 422)
    for body in (b"", b"<html>", b"RIFF\0\0\0\0WAVE" + b"x" * 400, b"ID3" + b"x" * 400):
        assert inside.post("/api/uploads", content=body).status_code == 422
    assert inside.post("/api/uploads?kind=../x", content=b"ID3").status_code == 422
    assert not list((served.out / "media").iterdir())


@pytest.mark.parametrize(
    "name",
    [
        "clips/../clips.yaml", "clips.yaml", "../secret.mp4", "clips/../../secret.mp4", "%2e%2e/secret.mp4",
        "clips/%2e%2e/%2e%2e/secret.mp4", "clips//etc/passwd", "clips/link/secret.mp4", "clips/out.mp4",
        "clips/x%00.mp4", "clips/..%5csecret.mp4", ".studio/journal.jsonl", "clips/.hidden/a.mp4", "episode.json",
        "clips/page.html",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_finished_files(inside: httpx.Client, served: Running, name: str):
    outside = served.out.parent / "elsewhere"
    outside.mkdir(exist_ok=True)
    (outside / "secret.mp4").write_bytes(b"secret")
    (served.out.parent / "secret.mp4").write_bytes(b"secret")
    clips = served.out / "clips"
    (clips / ".hidden").mkdir(parents=True, exist_ok=True)
    (clips / ".hidden" / "a.mp4").write_bytes(b"secret")
    (clips / "page.html").write_text("<script>secret</script>")
    for link, target in (("link", outside), ("out.mp4", outside / "secret.mp4")):
        if not (clips / link).is_symlink():
            (clips / link).symlink_to(target)
    answer = inside.get(f"/api/files/{name}")
    assert answer.status_code in (404, 405, 422), answer.text
    assert "secret" not in answer.text


def test_a_part_of_a_file_can_be_had(inside: httpx.Client, served: Running):
    folder = served.out / "clips" / "01-x"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vertical.mp4").write_bytes(bytes(range(256)))
    part = inside.get("/api/files/clips/01-x/vertical.mp4", headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == bytes(range(10, 20))
    assert part.headers["content-type"] == "video/mp4"
    assert part.headers["x-content-type-options"] == "nosniff"
    assert inside.get("/api/files/clips/01-x/vertical.mp4", headers={"range": "bytes=900-"}).status_code == 416


def test_no_answer_holds_a_secret_or_a_place_on_this_disk(start: Start, out: Path):
    os.environ["BLUESKY_PASSWORD"] = "hunter2-not-to-be-told"
    try:
        one = start(out)
    finally:
        del os.environ["BLUESKY_PASSWORD"]
    client = one.client()
    paths = ("session", "plan", "overview", "episodes", "made", "work", "posts?clip=c1", "ledger")
    told = "".join(client.get(f"/api/{path}").text for path in paths)
    assert "hunter2" not in told
    assert str(out) not in told
    assert client.cookies[f"clipper-studio-{one.host.split(':')[1]}"] not in told


def test_another_address_needs_to_be_asked_for_and_is_warned_about(start: Start, out: Path):
    one = start(out, "--host", "0.0.0.0")
    assert any(line.startswith("warning: whoever reaches 0.0.0.0") for line in one.said)
    plain = start(out)
    assert not any("warning" in line for line in plain.said)
    assert plain.base.startswith("http://127.0.0.1:")
