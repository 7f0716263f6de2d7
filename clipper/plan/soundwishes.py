"""What a clip's sound is to be: the clip's own wish, else the plan's, else the show's. In: all three; out: one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clipper.plan.model import Clip, Plan
from clipper.show import Sound

NONE = ("none", "no", "false", "off")


@dataclass(frozen=True, slots=True)
class SoundWishes:
    """How a clip's sound is made.

    Attributes:
        tighten: whether long pauses are shortened and fillers taken out.
        pause: seconds above which a pause is long; null for the usual.
        music, intro, outro, separator: files; null for none.
        under: dB that the music lies under the voice.
        gap: seconds between a trailer's soundbites where no file separates them.
        clean: steps of clean-up, by name.
        loudness: LUFS, or a platform's name; null for what suits most.
    """

    tighten: bool = False
    pause: float | None = None
    music: Path | None = None
    under: float = 18.0
    intro: Path | None = None
    outro: Path | None = None
    separator: Path | None = None
    gap: float = 0.5
    clean: tuple[str, ...] = ()
    loudness: float | str | None = None


def sound_wishes(clip: Clip, plan: Plan, show: Sound, out: Path, show_folder: Path) -> SoundWishes:
    """The wishes for one clip.

    Args:
        out: the folder that names in the plan are relative to.
        show_folder: of clipper.toml.
    """

    def file(key: str) -> Path | None:
        for text, folder in ((getattr(clip, key, None), out), (getattr(plan, key, None), out),
                             (getattr(show, key), show_folder)):  # fmt: skip
            if text is not None:
                return None if str(text).strip().lower() in NONE else folder / Path(str(text).strip()).expanduser()
        return None

    said = (clip.tighten, plan.tighten, show.tighten)
    steps = (clip.clean, plan.clean, show.clean)
    return SoundWishes(
        tighten=next((one for one in said if one is not None), False),
        pause=show.pause,
        music=file("music"),
        under=show.under,
        intro=file("intro"),
        outro=file("outro"),
        separator=file("separator"),
        gap=show.gap,
        loudness=show.loudness,
        clean=next((tuple(one) for one in steps if one is not None), ()),
    )
