"""Captions without motion, cut from one group to the next: "classic" on a soft plate, "quiet" over a shadow."""

from __future__ import annotations

from clipper.picture.caption_styles.base import Captions


class Quiet(Captions):
    lit = False


class Classic(Captions):
    lit = False
    plate = True
