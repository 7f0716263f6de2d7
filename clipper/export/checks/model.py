"""What checks take and give: `Facts` of a finished file, what is `Wanted` of it, `Verdict`s. Nothing here reads one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from clipper.picture import rate
from clipper.picture.captions import Group
from clipper.picture.geometry import Box
from clipper.platforms import Platform
from clipper.sound.loudness import Loudness
from clipper.span import Span

Mono = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check: what was measured, against what, and whether it is good enough.

    Attributes:
        name: what was looked at, in a word or two.
        measured, limit: in words, with units.
        source: where the limit comes from.
        mend: what the producer can do; "" where there is nothing to do.
    """

    name: str
    measured: str
    limit: str
    good: bool
    source: str = ""
    mend: str = ""

    def __str__(self) -> str:
        """In a line: "length: 2.5 s (should be 3 to 600 s)"."""
        return f"{self.name}: {self.measured} (should be {self.limit})"


@dataclass(frozen=True, slots=True)
class Match:
    """A second of the clip: how like the episode it is there, how late in seconds, and where else it may come from."""

    at: float
    like: float
    lag: float
    elsewhere: float | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """How loud an AAC track is, the digest of its packets, how many could not be decoded, and how it compares with the
    episode second by second."""

    loudness: Loudness
    packets: str
    broken: int = 0
    matches: tuple[Match, ...] = ()


@dataclass(frozen=True, slots=True)
class Container:
    """What a file is, read from its packets and boxes without decoding.

    Attributes:
        colours: primaries, transfer, matrix, range as ISO/IEC 23091-2 numbers them.
        video_times: presentation times of the pictures in seconds, in order.
        key_times: of those that decoding can begin at; `open_groups`: pictures that show before the key picture that
            they come after.
        audio_packets, video_packets: the digests of the sound's and the picture's packets.
    """

    width: int
    height: int
    frames: int
    fps: float
    codec: str
    profile: str
    pixel_format: str
    colours: tuple[int, int, int, int]
    audio_codec: str
    audio_profile: str
    audio_rate: int
    audio_channels: int
    video_start: float
    audio_start: float
    video_seconds: float
    audio_seconds: float
    moov_first: bool
    edit_list: bool
    audio_packets: str
    bytes: int
    video_packets: str = ""
    video_times: tuple[float, ...] = ()
    key_times: tuple[float, ...] = ()
    open_groups: int = 0


@dataclass(frozen=True, slots=True)
class Moment:
    """One picture looked at closely, against what the scene draws there.

    Attributes:
        likeness: PSNR of the luma inside the text's boxes, in dB.
        contrast: of the captions' letters to what is around them (WCAG 2.2), measured on the decoded pixels; None
            where no caption shows.
    """

    at: float
    likeness: float
    contrast: float | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the pictures show.

    Attributes:
        looked: how many pictures were decoded; `whole`: whether that is all of them.
        black, flat: seconds of pictures without light, or without anything on them, in all.
        still: (start, end) of stretches of over a second in which not one sampled pixel moves.
        watched: how many pictures were watched while they were drawn and encoded, so that black, flat and still hold
            for all of them though only some were decoded.
        broken: packets that could not be decoded.
    """

    looked: int
    whole: bool
    black: float
    flat: float
    still: tuple[tuple[float, float], ...] = ()
    broken: int = 0
    moments: tuple[Moment, ...] = ()
    watched: int = 0

    @property
    def complete(self) -> bool:
        """Whether something is known of every picture."""
        return self.whole or self.watched > 0


@dataclass(frozen=True, slots=True)
class Sound:
    """What the sound is, decoded.

    Attributes:
        mono: at `rate` Hz, for comparing.
        broken: packets that could not be decoded.
    """

    loudness: Loudness
    mono: Mono
    rate: int
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a text layer's ink lies over the whole clip, and the box that the template gives it, in pixels."""

    layer: str
    ink: Box
    box: Box


@dataclass(frozen=True, slots=True)
class Edges:
    """How a clip's cut lies in the episode's words.

    Attributes:
        cut_open, cut_close: the word that the cut goes through; "" for none.
        opens_inside, closes_inside: the words of the sentence that lie outside; "" where the sentence is whole.
        lead, air: seconds from the cut to the first word, from the last word to the cut.
        air_there: seconds of pause that the episode has after the last word.
    """

    cut_open: str = ""
    cut_close: str = ""
    opens_inside: str = ""
    closes_inside: str = ""
    lead: float = 0.0
    air: float = 0.0
    air_there: float = 0.0


@dataclass(frozen=True, slots=True)
class CaptionFile:
    """One caption file, parsed again: (start, end, text) of its cues in seconds, or why it cannot be read."""

    name: str
    cues: tuple[tuple[float, float, str], ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """The episode's sound that a clip is made of.

    Attributes:
        window: gives the samples of a span of the episode, float32, mono, at the rate asked for.
        pieces: (clip time, span of the episode) in order: one for a clip that is cut once.
        silenced: spans of the clip that are bleeped or muted.
        music: whether music lies under the words.
    """

    window: Callable[[Span, int], Mono]
    pieces: tuple[tuple[float, Span], ...]
    silenced: tuple[Span, ...] = ()
    music: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the file should be.

    `loudness_note` is what finishing could not reach and has said already; a draft may be of any H.264 profile.
    `loudness` in LUFS is the show's own; null is what suits most platforms.
    `sound` is a track whose loudness is known: a file with the very same packets need not be listened to again.
    """

    width: int
    height: int
    fps: float
    frames: int
    loudness_note: str = ""
    draft: bool = False
    sound: Heard | None = None
    loudness: float | None = None

    @property
    def seconds(self) -> float:
        return float(self.frames / rate.exact(self.fps))


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of one file; a check gives no verdict where what it needs is not known.

    Attributes:
        seen, sound: from decoding; None where that was not done.
        loudness: of the sound, also where it was known without decoding; `matches`: how it compares with the
            episode, in the same way.
        groups: the captions on the picture; None where unknown.
        platforms: that the file is meant for; empty: for any.
        current: whether it was made from what the plan says now; None where that is not known.
        by_hand: whether the producer put the start, and the end, where they are.
    """

    container: Container
    wanted: Wanted
    seen: Seen | None = None
    sound: Sound | None = None
    loudness: Loudness | None = None
    edges: Edges | None = None
    groups: tuple[Group, ...] | None = None
    caption_files: tuple[CaptionFile, ...] = ()
    inks: tuple[Ink, ...] = ()
    source: Source | None = None
    matches: tuple[Match, ...] | None = None
    platforms: tuple[Platform, ...] = ()
    current: bool | None = None
    by_hand: tuple[bool, bool] = (False, False)
