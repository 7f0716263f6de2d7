"""Further candidates for a plan that is there: more like one clip, or another from its part of the episode.

In: OUT; out: the plan with new clips in it, undecided. Works on the words and the page that OUT holds, and on
the sound where it is still there; the page is not read again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from clipper.batch.folder import Folder
from clipper.batch.lock import editing
from clipper.batch.one import UNMEASURED
from clipper.batch.planned import open_plan
from clipper.batch.wishes import show_of
from clipper.errors import ClipperError, UsageError
from clipper.plan.edits import Said
from clipper.plan.model import Plan

if TYPE_CHECKING:
    from clipper.episode.model import Episode
    from clipper.highlights.find import Ranked
    from clipper.highlights.model import Candidate, Settings
    from clipper.highlights.signals.base import Setting
    from clipper.speech.model import Transcript

Kind = Literal["like", "part"]
WORDS: dict[Kind, str] = {"like": "more like it", "part": "another from this part"}
MORE, ANOTHER = 3, 1  # clips at a time


@dataclass(slots=True)
class Further:
    """Looks for further candidates in one episode; the search is prepared once, when it is first needed.

    Attributes:
        out: the folder of the plan.
        transcript: its words; null: as OUT keeps them.
        settings: lengths of clips; `count` is not looked at.
        exact: whether these lengths were asked for; else the plan's own clips widen them.
    """

    out: Path
    transcript: Transcript | None
    settings: Settings
    exact: bool = False
    _ready: tuple[Setting, Ranked, Episode] | None = field(default=None, init=False)

    def add(self, plan: Plan, name: str, kind: Kind, count: int | None = None) -> tuple[Plan, tuple[str, ...]]:
        """The plan with up to `count` clips more behind the clip `name`, saved in OUT, and their ids.

        Nothing is given that touches a clip of the plan, taken or left out, or says its words again.

        Raises:
            UsageError: the plan has no such clip.
        """
        from clipper.batch.measured import write_measured
        from clipper.highlights.model import Findings
        from clipper.highlights.more import another_from, more_like, part_of
        from clipper.plan import store
        from clipper.plan.propose import added

        before = store.digest(self.out)
        clip = next((c for c in plan.clips if c.id == name), None)
        if clip is None:
            have = ", ".join(c.id for c in plan.clips) or "none"
            raise UsageError(f"the plan has no clip {name}", f"it has {have}")
        setting, ranked, episode = self._prepared(plan)
        taken, titles = [c.span for c in plan.clips if not c.trailer], [c.title for c in plan.clips]
        found: tuple[Candidate, ...]
        if kind == "like":
            found = more_like(
                setting, ranked, clip.span, taken, MORE if count is None else count, f"{name} “{clip.title}”", titles
            )
        else:
            part = part_of(setting, clip.span, clip.topic, 2 * self.settings.shortest)
            found = another_from(setting, ranked, part, taken, ANOTHER if count is None else count, titles)
        talk = setting.talk
        warning = UNMEASURED.get(talk.transcript.timing)
        if warning is not None:
            found = tuple(c.model_copy(update={"warnings": (*c.warnings, warning)}) for c in found)
        said = Said(talk.words, talk.sentences, talk.transcript.duration)
        with editing(self.out):
            if store.digest(self.out) != before:  # edited while this was looking
                plan = store.load(self.out, said)
            larger, new = added(plan, found, talk.sentences, episode, said, name)
            if new:
                store.save(larger, self.out)
                write_measured(self.out, larger, Findings(sentences=(), candidates=found, topics=()))
        return larger, new

    def _prepared(self, plan: Plan) -> tuple[Setting, Ranked, Episode]:
        if self._ready is None:
            from clipper.highlights.find import rank, setting_of
            from clipper.highlights.known import Passage
            from clipper.highlights.weights import of_show

            episode = Folder(self.out).load_episode()
            transcript = self.transcript or open_plan(self.out)[1]
            audio, sound = Folder(self.out).find(plan.audio), None
            if audio is not None and transcript.timing != "none":
                from clipper.sound.facts import listen

                with suppress(ClipperError):  # gone or unreadable: chosen by the words alone
                    sound = listen(audio)
            setting = setting_of(transcript, episode, sound)
            weights = of_show(show_of(plan.episode, self.out))
            own = [c.proposed.seconds for c in plan.clips if c.proposed_title is not None]
            if own and not self.exact:  # the plan may have been made with other --min and --max
                self.settings = self.settings.model_copy(
                    update={
                        "shortest": min(self.settings.shortest, *own),
                        "longest": max(self.settings.longest, *own),
                    }
                )
            # by words as well as by times: what the show's own trailer says of a clip is that clip
            known = [Passage(text=c.text, why=f"it is {c.id}") for c in plan.clips]
            self._ready = setting, rank(setting, self.settings, weights, known), episode
        return self._ready
