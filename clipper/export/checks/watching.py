"""A picture watched while it is made: what is drawn, and what the encoder makes of it, some of that decoded at once.

In: the canvas after each frame, the encoder's packets as they come; out: a `Watched`, from which `seen` tells what a
file shows that has these very packets, without decoding all of it.

Of every eighth closed group of pictures all are decoded, of the others the first, beside the drawing, on what the
encoder leaves of the processor. Between them two things are known of every picture: that light and colours were drawn
(whenever much of the picture was painted anew), and whether the encoder had anything to say: a picture in which nothing
moves is a packet of some ten bytes.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from clipper.export.checks.closely import middles
from clipper.export.checks.model import Moment, Seen
from clipper.export.checks.seeing import COLUMNS, ROWS, STILL, Luma, black, changed, flat, plane

if TYPE_CHECKING:
    from clipper.export.checks.closely import Closely
    from clipper.picture.canvas import YuvCanvas
    from clipper.picture.captions import Group

EVERY = 8  # of so many groups one is decoded whole: of a minute, eight seconds
SKIPPED = 64  # bytes of a packet that at most says "as before" of every block; CAVLC needs a dozen
MUCH = 4  # a part of the picture, as 1/4, from which on what was painted is looked at
AGAIN = 30  # frames after which it is looked at in any case


@dataclass(frozen=True, slots=True)
class _Group:
    """What was seen of one closed group: how many pictures, black and empty ones, packets that broke, how its first
    picture looks, and the pictures that are to be compared."""

    looked: int
    black: int
    flat: int
    broken: int
    first: Luma | None
    kept: tuple[tuple[int, Any], ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """Everything that was noticed.

    Attributes:
        packets: the digest of the picture's packets, as `Container.video_packets` has it; "" where the encoder kept
            them to itself.
        sizes: bytes of each packet; `keys`: the numbers of those that decoding can begin at.
        black, flat: frames that were drawn so.
    """

    packets: str
    sizes: tuple[int, ...]
    keys: tuple[int, ...]
    black: int
    flat: int
    groups: tuple[_Group, ...]
    rate: Fraction

    def seen(self, closely: Closely | None) -> Seen:
        """What a file with these packets shows."""
        each = float(1 / self.rate)
        moments: list[Moment] = []
        if closely is not None:
            moments = [closely.compare(number * each, frame) for group in self.groups for number, frame in group.kept]
        return Seen(
            looked=sum(group.looked for group in self.groups),
            whole=False,
            black=max(self.black, sum(group.black for group in self.groups)) * each,
            flat=max(self.flat, sum(group.flat for group in self.groups)) * each,
            still=self._still(each),
            broken=sum(group.broken for group in self.groups),
            moments=tuple(moments),
            watched=len(self.sizes),
        )

    def _still(self, each: float) -> tuple[tuple[float, float], ...]:
        """Stretches in which the encoder had nothing to say, and no key picture looks other than the one before."""
        moved = [size > SKIPPED for size in self.sizes]
        before: Luma | None = None
        for key, group in zip(self.keys, self.groups, strict=True):
            now = group.first
            moved[key] = before is None or now is None or changed(now, before)
            before = now
        out, last = [], 0
        for number in [*(n for n, one in enumerate(moved) if one), len(moved)]:
            if (number - last) * each > STILL:
                out.append((last * each, number * each))
            last = number
        return tuple(out)


@dataclass
class Watch:
    """Notices what passes by while one file is encoded.

    Attributes:
        do: does some work beside the drawing (see `Aside.do`).
        rate: frames a second, exact.
        moments: numbers of frames that are wanted for comparing, where they are decoded at all.
    """

    do: Callable[[Callable[[], _Group]], Future[_Group]]
    rate: Fraction
    moments: frozenset[int] = frozenset()
    _packets: Any = field(default_factory=hashlib.sha256)
    _sizes: list[int] = field(default_factory=list)
    _keys: list[int] = field(default_factory=list)
    _header: bytes = b""
    _held: list[bytes] = field(default_factory=list)
    _groups: list[Future[_Group]] = field(default_factory=list)
    _judged: tuple[bool, bool] = (False, False)
    _black: int = 0
    _flat: int = 0

    def begin(self) -> None:
        """From here on: what was noticed before belongs to an attempt that was given up."""
        self._packets, self._sizes, self._keys, self._header = hashlib.sha256(), [], [], b""
        self._held, self._groups, self._judged, self._black, self._flat = [], [], (False, False), 0, 0

    def drawn(self, number: int, canvas: YuvCanvas) -> None:
        """A frame is on the canvas."""
        luma = canvas.planes[0]
        if number % AGAIN == 0 or canvas.touched * MUCH > luma.size:
            rough = luma[:: 2 * ROWS, :: 2 * COLUMNS]
            if black(rough) or flat(rough):  # few letters on a dark ground need a closer look
                rough = luma[::ROWS, ::COLUMNS]
            self._judged = black(rough), flat(rough)
        self._black += self._judged[0]
        self._flat += self._judged[1]

    def packet(self, data: bytes, key: bool, header: bytes | None) -> None:
        """The encoder's next packet: start codes between its units (ISO/IEC 14496-10, annex B).

        Args:
            key: whether decoding can begin here.
            header: the stream's parameter sets.
        """
        self._header = self._header or bytes(header or b"")
        self._packets.update(with_lengths(data))
        if key:
            self._close()
            self._keys.append(len(self._sizes))
        if key or whole(len(self._keys) - 1):
            self._held.append(data)
        self._sizes.append(len(data))

    def end(self) -> Callable[[], Watched]:
        """All of it is encoded; gives what tells everything once the work beside is done."""
        self._close()
        groups = tuple(self._groups)
        digest = self._packets.hexdigest() if self._sizes else ""
        facts = (digest, tuple(self._sizes), tuple(self._keys), self._black, self._flat)
        return lambda: Watched(*facts, tuple(group.result() for group in groups), self.rate)

    def _close(self) -> None:
        """Hands a group over to be decoded."""
        if self._keys:
            first, packets, header, wanted = self._keys[-1], self._held, self._header, self.moments
            self._groups.append(self.do(lambda: _decoded(header, packets, first, wanted)))
        self._held = []


def whole(group: int) -> bool:
    """Whether all pictures of the group of that number are decoded."""
    return group % EVERY == 0


def moments(groups: Sequence[Group], frames: int, fps: float, gop: int) -> frozenset[int]:
    """The numbers of frames that are compared with the scene: in the middle of captions, of groups decoded whole; and
    the first pictures of one or two others in which a caption stands.

    Args:
        groups: the captions.
        gop: frames from one key picture to the next.
    """
    inside = [n for n in middles(groups, frames, fps, count=len(groups) or 1) if whole(n // gop)]
    firsts = [n for n in range(gop, frames, gop) if any(g.start <= n / fps < g.end for g in groups)]
    spread = [some[:: max(1, len(some) // most)][:most] for some, most in ((inside, 2), (firsts, 1))]
    return frozenset(n for some in spread for n in some) or frozenset([0])


def with_lengths(data: bytes) -> bytes:
    """A packet as an MP4 keeps it: each unit behind its length in four bytes (ISO/IEC 14496-15, 5.3.3)."""
    # no unit holds three zero-zero-one bytes, and none ends with a zero
    units = [unit.rstrip(b"\0") for unit in data.split(b"\0\0\1")]
    return b"".join(struct.pack(">I", len(unit)) + unit for unit in units if unit)


def _decoded(header: bytes, packets: Sequence[bytes], first: int, wanted: frozenset[int]) -> _Group:
    """Decodes the pictures of a group from its first on; `first` is that one's number."""
    import av

    decoder: Any = av.CodecContext.create("h264", "r")
    decoder.extradata = header
    decoder.thread_count = 1
    looked = dark = empty = broken = 0
    before: Luma | None = None
    start: Luma | None = None
    judged = (False, False)
    kept = []
    for data in (*packets, None):
        try:
            frames = decoder.decode(None if data is None else av.Packet(data))
        except av.FFmpegError:
            broken += 1
            continue
        for frame in frames:
            luma = np.ascontiguousarray(plane(frame)[::ROWS, ::COLUMNS])
            if before is None or not np.array_equal(luma, before):
                before = luma
                judged = black(before), flat(before)
            start = before if start is None else start
            if first + looked in wanted:
                kept.append((first + looked, frame))
            looked += 1
            dark += judged[0]
            empty += judged[1]
    return _Group(looked, dark, empty, broken, start, tuple(kept))
