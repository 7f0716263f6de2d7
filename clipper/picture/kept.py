"""What was worked out for a picture that is at hand, kept for a while: a cover's tones, the ground of a shape.

In: a key, the objects that it was worked out from (known by identity, and held so long); out: the value, which nobody
may change.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """The latest values.

    Args:
        most: how many are held.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, tuple[tuple[object, ...], T]] = OrderedDict()

    def get(self, key: Hashable, objects: tuple[object, ...], make: Callable[[], T]) -> T:
        """The value for a key and these very objects; made if there is none."""
        whole = key, tuple(map(id, objects))
        found = self._values.get(whole)
        value = make() if found is None else found[1]
        self._values[whole] = objects, value
        self._values.move_to_end(whole)
        while len(self._values) > self._most:
            self._values.popitem(last=False)
        return value
