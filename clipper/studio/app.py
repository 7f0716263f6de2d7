"""The studio as a web application: the guard, the API under /api, the page.

In: a `Shelf` and a `Door`; out: an ASGI application. What goes wrong on purpose is answered as a `Fault`, in one line
and a mend; a traceback never leaves.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from clipper import __version__
from clipper.errors import ClipperError, MissingError, UsageError, one_line
from clipper.resources import fonts_dir
from clipper.studio import (
    routes_episode,
    routes_ledger,
    routes_look,
    routes_media,
    routes_plan,
    routes_send,
    routes_upload,
    routes_work,
)
from clipper.studio.answering import plan_answer
from clipper.studio.answers import ConflictAnswer, Fault
from clipper.studio.desk import ConflictError
from clipper.studio.events import Events
from clipper.studio.guard import Door, Guard
from clipper.studio.journal import OvertakenError
from clipper.studio.memory import Release
from clipper.studio.parts import Parts
from clipper.studio.sending import Planned
from clipper.studio.shelf import Shelf
from clipper.studio.work import Work, Works

STATIC = Path(__file__).parent / "static"
FAULTS: dict[int | str, dict[str, object]] = {
    code: {"model": Fault} for code in (400, 401, 403, 404, 409, 413, 422, 507)
}  # fmt: skip


def create(shelf: Shelf, door: Door) -> ASGIApp:
    """The application, guarded."""
    return Guard(Releasing(bare(shelf, door), Release()), door)


class Releasing:
    """Says after each answer of the API that memory may have been let go of."""

    def __init__(self, app: ASGIApp, release: Release) -> None:
        self.app, self.release = app, release

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self.app(scope, receive, send)
        finally:
            if scope.get("path", "").startswith("/api/"):
                self.release.wanted()


def bare(shelf: Shelf, door: Door) -> FastAPI:
    """The application without its guard, for its OpenAPI document."""
    events = Events()

    def changed(work: Work) -> None:
        events.tell("work", work.model_dump(mode="json"))

    works = Works(changed)
    planned = Planned(shelf, works)

    @asynccontextmanager
    async def living(app: FastAPI) -> AsyncIterator[None]:
        events.loop = asyncio.get_running_loop()
        threading.Thread(target=_warm, args=(shelf,), daemon=True).start()
        if shelf.fresh is not None:
            source, said = shelf.fresh
            works.begin("find", next(iter(shelf.outs)), {"source": source, "out": str(shelf.root), "said": said})
        planned.start()
        yield
        planned.stop()
        events.close()
        await asyncio.to_thread(works.close)

    app = FastAPI(
        title="clipper studio", version=__version__, docs_url=None, redoc_url=None,
        openapi_url="/api/openapi.json", lifespan=living, responses=FAULTS,
    )  # fmt: skip
    app.state.parts = Parts(shelf, works, events, door)
    for routes in (
        routes_plan,
        routes_look,
        routes_media,
        routes_upload,
        routes_work,
        routes_send,
        routes_ledger,
        routes_episode,
    ):
        app.include_router(routes.router)
    app.add_exception_handler(ClipperError, _fault)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _crash)
    app.mount("/static/fonts", StaticFiles(directory=fonts_dir(), check_dir=False))
    app.mount("/static", StaticFiles(directory=STATIC))

    @app.get("/", include_in_schema=False)
    def page() -> Response:
        return Response((STATIC / "index.html").read_bytes(), media_type="text/html; charset=utf-8")

    @app.get("/api", include_in_schema=False)
    def described() -> Response:
        return Response((STATIC / "api.html").read_bytes(), media_type="text/html; charset=utf-8")

    @app.get("/favicon.ico", include_in_schema=False)
    def icon() -> Response:
        return Response((STATIC / "icon.svg").read_bytes(), media_type="image/svg+xml")

    return app


def _warm(shelf: Shelf) -> None:
    """Reads beforehand what the first page asks for."""
    from clipper.studio.moved import remember

    routes_episode.templates()
    try:
        if shelf.outs and not shelf.many and shelf.fresh is None:
            desk = shelf.bench().desk
            plan_answer(desk, desk.state())
            remember(desk)
    except ClipperError:
        return  # told when it is asked for
    gc.freeze()  # what stays for good, 40,000 words of it, is not looked through again each time (see `memory`)


async def _fault(request: Request, error: Exception) -> Response:
    assert isinstance(error, ClipperError)
    if isinstance(error, ConflictError):
        desk = request.app.state.parts.bench(request).desk
        theirs = await asyncio.to_thread(plan_answer, desk, error.state)
        answer = ConflictAnswer(error=error.message, mend=error.mend, theirs=theirs)
        return JSONResponse(answer.model_dump(mode="json"), status_code=409)
    kinds: list[tuple[type[ClipperError], int]] = [(OvertakenError, 409), (MissingError, 507), (UsageError, 404)]
    code = next((c for kind, c in kinds if isinstance(error, kind)), 422)
    return JSONResponse(Fault(error=error.message, mend=error.mend).model_dump(), status_code=code)


async def _not_understood(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0] if error.errors() else {"loc": (), "msg": "not what was expected"}
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    what = one_line(f"{where}: {first['msg']}" if where else str(first["msg"]))
    fault = Fault(error=f"the studio does not understand this request: {what}", mend="load the page anew")
    return JSONResponse(fault.model_dump(), status_code=422)


async def _crash(request: Request, error: Exception) -> Response:
    traceback.print_exception(error)  # in the terminal, never on the page
    fault = Fault(
        error="something went wrong here that should not", mend="the terminal in which the studio runs says more"
    )
    return JSONResponse(fault.model_dump(), status_code=500)
