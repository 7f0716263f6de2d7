"""One episode on the table: its plan as it is on disk, and the words.

In: OUT; out: `State`s, and edits that are saved before they are answered. The file is the truth: it is read again
whenever it is not the one that was read last, and an edit is laid on what it says then.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from clipper import cache, leftovers
from clipper.batch.folder import Folder
from clipper.batch.lock import editing
from clipper.batch.planned import said_of
from clipper.errors import ClipperError, InputError, UsageError
from clipper.plan import store
from clipper.plan.edits import Said
from clipper.plan.model import Plan
from clipper.plan.spelling import Names, names_in
from clipper.speech.model import Transcript
from clipper.studio import journal, showlook
from clipper.studio.journal import Journal

HIDDEN = ".studio"  # in OUT: what only the studio reads
LAST_GOOD = "last-good.yaml"
KEPT = 64  # versions of the plan that a page may still know

Edit = Callable[[Plan, Said], Plan]
Touched = Callable[[Plan], object]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why the plan cannot be used, in a producer's words; `restorable`: there is one that could be."""

    message: str
    mend: str
    restorable: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The plan as the file has it.

    Attributes:
        version: a name for the file's content, "" where there is none.
        plan: the last one that could be read, while there is a problem.
    """

    version: str
    plan: Plan
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """The words as they are to be read, and a name for them."""

    names: Names
    transcript: Transcript
    said: Said
    version: str


class ConflictError(ClipperError):
    """The same thing was changed here and elsewhere; `state` is what the file says now."""

    def __init__(self, state: State) -> None:
        super().__init__("this was changed somewhere else meanwhile", "look at both, then choose one")
        self.state = state


class Desk:
    """One OUT. Every method may be called from any thread."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.folder = Folder(out)
        self.hidden = out / HIDDEN
        self.lock = threading.RLock()
        self._heard: tuple[tuple[int, int], Transcript] | None = None
        self._spelled: Words | None = None
        self._state: State | None = None
        self._known: OrderedDict[str, Plan] = OrderedDict()
        self._journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        """What can be undone and redone."""
        if self._journal is None:
            self._journal = Journal.opened(self.hidden)
        return self._journal

    @property
    def transcript(self) -> Transcript:
        """The words as they are to be read: the plan's spelling and names are in them.

        Raises:
            InputError: they are not there, or not what they must be.
        """
        self.state()
        return self._words().transcript

    @property
    def said(self) -> Said:
        """Words and sentences of it."""
        self.state()
        return self._words().said

    @property
    def words_version(self) -> str:
        """A name for the words as they are to be read."""
        self.state()
        return self._words().version

    def state(self) -> State:
        """The plan as it is on disk now; with a problem where it cannot be read."""
        with self.lock:
            version = store.digest(self.out)
            if self._state is None or self._state.version != version:
                self._state = self._read(version)
            return self._state

    def edit(self, version: str, what: str, clip: str, edit: Edit, touched: Touched, *, force: bool = False) -> State:
        """Does one edit and saves it.

        Args:
            version: of the plan that the page showed.
            what, clip: the word for it and the clip it is done to, for undo.
            touched: the part of a plan that the edit replaces; where it differs between the plan that the page showed
                and the one on disk, nothing is done.
            force: does it all the same.

        Raises:
            ConflictError: the same thing was changed elsewhere meanwhile.
            ClipperError: it cannot be done, or not be saved.
        """
        with self.lock:
            for _ in range(5):
                state = self._usable()
                if version != state.version and not force:
                    shown = self._known.get(version)
                    if shown is None or touched(shown) != touched(state.plan):
                        raise ConflictError(state)
                after = edit(state.plan, self._words().said)
                done = journal.change(what, clip, state.plan, after)
                if done.empty:
                    return state
                with editing(self.out):
                    if store.digest(self.out) != state.version:
                        continue  # a command wrote the file while this was worked out
                    self.journal.add(done)
                    return self._save(after)
        raise InputError("the plan changes faster than it can be edited", "try again")

    def turn(self, *, back: bool, force: bool = False) -> State:
        """Takes the last edit back, or does it again.

        Raises:
            UsageError: there is none.
            OvertakenError: what it is about was changed elsewhere since.
        """
        with self.lock, editing(self.out):
            state = self._usable()
            while True:
                done = self.journal.next(back=back)
                if done.look:
                    for key, (was, wanted) in done.look.items():
                        if back:
                            was, wanted = wanted, was
                        showlook.put(self.show_file, key, wanted, was, force=force)
                    self.journal.turn(back=back)
                    return state
                after = journal.turned(done, state.plan, back=back, force=force)
                self.journal.turn(back=back)
                if after != state.plan:  # else it was killed between the line and the plan: that edit never was
                    return self._save(after)

    @property
    def show_file(self) -> Path:
        """The show's clipper.toml, there or not (see `showlook.show_file`)."""
        return showlook.show_file(self.state().plan.episode, self.out)

    def restyle(self, key: str, wanted: str | None, was: str | None) -> State:
        """Changes a value of the show's look, which undo takes back.

        Raises:
            ClipperError: as `showlook.put`.
        """
        with self.lock:
            state = self._usable()
            showlook.put(self.show_file, key, wanted, was)
            if wanted != was:
                self.journal.add(journal.Change(what=("show-look", ""), look={key: (was, wanted)}))
            return state

    def adopt(self, what: str, clip: str, before: Plan) -> State:
        """Remembers, for undo, what another part of clipper did to the plan and saved."""
        with self.lock:
            state = self.state()
            done = journal.change(what, clip, before, state.plan)
            if not done.empty:
                self.journal.add(done)
            return state

    def restore(self) -> State:
        """Puts the last plan that could be read in the place of one that cannot; that one stays as clips.broken.yaml.

        Raises:
            UsageError: the plan is fine, or none was ever read.
        """
        with self.lock, editing(self.out):
            state = self.state()
            if state.problem is None or not state.problem.restorable:
                raise UsageError("there is nothing to restore", "")
            path = store.plan_path(self.out)
            if path.is_file():
                cache.write_text(self.out / "clips.broken.yaml", path.read_text(encoding="utf-8", errors="replace"))
            cache.write_text(path, (self.hidden / LAST_GOOD).read_text(encoding="utf-8"))
            return self.state()

    def _save(self, plan: Plan) -> State:
        store.save(plan, self.out)
        state = self.state()
        if state.problem is None and [c.text for c in state.plan.clips] != [c.text for c in plan.clips]:
            store.save(state.plan, self.out)  # with other spellings the passages read otherwise, in the file as well
            state = self.state()
        return state

    def _usable(self) -> State:
        state = self.state()
        if state.problem is not None:
            raise InputError(state.problem.message, state.problem.mend)
        return state

    def _read(self, version: str) -> State:
        try:
            if not version:
                raise store.no_plan(self.out)
            if self._spelled is None:
                self._words(names_in(store.plan_path(self.out)))
            used = self._words()
            plan = store.load(self.out, used.said)
            names = Names(plan.spelling, plan.speakers, plan.as_heard)
            if names != used.names or used is not self._spelled:  # other words: other texts and quoted borders
                plan = store.load(self.out, self._words(names).said)
            state = State(version, plan)
        except ClipperError as error:
            there = (self.hidden / LAST_GOOD).is_file()
            last = self._state.plan if self._state else self._last_good() if there else Plan()
            return State(version, last, Problem(error.message, error.mend, restorable=there))
        self._known[version] = state.plan
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self._keep_good()
        return state

    def _keep_good(self) -> None:
        try:
            path, text = self.hidden / LAST_GOOD, store.plan_path(self.out).read_text(encoding="utf-8")
            self.hidden.mkdir(exist_ok=True)
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                cache.write_text(path, text)
        except (OSError, ClipperError):
            return  # a disk without space is told when something is to be saved

    def _last_good(self) -> Plan:
        """The plan of an earlier run, for looking at."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix=leftovers.folder_prefix()) as name:
            copy = store.plan_path(Path(name))
            copy.write_text((self.hidden / LAST_GOOD).read_text(encoding="utf-8"), encoding="utf-8")
            try:
                return store.load(copy.parent, self._words(names_in(copy)).said)
            except ClipperError:
                return Plan()

    def _words(self, names: Names | None = None) -> Words:
        """The words spelled as `names` say; without, as they were asked for last."""
        from clipper.speech.formats import read_transcript

        with self.lock:
            try:
                stat = self.folder.transcript.stat()
            except OSError as error:
                raise InputError(
                    f"there is no transcript.json in {self.out}", "run clipper find EPISODE -o OUT again"
                ) from error
            key = stat.st_mtime_ns, stat.st_size
            if self._heard is None or self._heard[0] != key:
                self._heard, self._spelled = (key, read_transcript(self.folder.transcript)), None
            if self._spelled is None or names not in (None, self._spelled.names):
                names = names or Names()
                written = names.written(self._heard[1])
                texts = [(w.text, w.speaker) for w in written.words]
                self._spelled = Words(names, written, said_of(written), cache.key("words", 1, file=key, texts=texts))
            return self._spelled
