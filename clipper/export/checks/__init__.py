"""What a finished file must be, one file a subject; each check takes `Facts` and gives verdicts.

In: a path and what is wanted, or `Facts`; out: `Verdict`s. `judging` has them all; `whole` looks at a file as a
stranger would, `fresh` at one that was made a moment ago.
"""

from __future__ import annotations

from clipper.export.checks.judging import CHECKS, Check, verdicts
from clipper.export.checks.look import hear, look
from clipper.export.checks.model import Container, Edges, Facts, Heard, Verdict, Wanted

__all__ = ["CHECKS", "Check", "Container", "Edges", "Facts", "Heard", "Verdict", "Wanted", "hear", "look", "verdicts"]
