"""Counter-based chance: the value of draw `i` of a named stream is a function of seed, name and `i`, today and in ten years.

splitmix64 (Steele, Lea and Flood, 2014) in numpy; numpy's own generators may change their streams between versions.
"""

from __future__ import annotations

import hashlib
from math import gcd
from typing import Any

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


class Dice:
    """All the chance of one city. No state: any draw can be repeated, in any order, without the others."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._keys: dict[str, np.uint64] = {}

    def draw(self, stream: str, index: Any) -> NDArray[np.uint64]:
        """One 64-bit value for each counter in `index`."""
        z = (np.asarray(index).astype(np.uint64) + self._key(stream)) * _GOLDEN
        z ^= z >> np.uint64(30)
        z *= _MIX_1
        z ^= z >> np.uint64(27)
        z *= _MIX_2
        z ^= z >> np.uint64(31)
        return z

    def below(self, stream: str, index: Any, bound: Any) -> Index:
        """Whole numbers in [0, bound); `bound` below 2**32, one for all or one for each."""
        high = self.draw(stream, index) >> np.uint64(32)
        return ((high * np.asarray(bound).astype(np.uint64)) >> np.uint64(32)).astype(np.int64)

    def share(self, stream: str, index: Any) -> NDArray[np.float64]:
        """Fractions in [0, 1)."""
        return (self.draw(stream, index) >> np.uint64(11)).astype(np.float64) / float(1 << 53)

    def chance(self, stream: str, index: Any, probability: float) -> NDArray[np.bool_]:
        """True with the given probability."""
        limit = np.uint64(min(int(probability * (1 << 53)), 1 << 53))
        return (self.draw(stream, index) >> np.uint64(11)) < limit

    def one(self, stream: str, index: int, bound: int) -> int:
        """A single whole number in [0, bound)."""
        return int(self.below(stream, np.array([index]), bound)[0])

    def _key(self, stream: str) -> np.uint64:
        if stream not in self._keys:
            digest = hashlib.sha256(f"{self.seed}/{stream}".encode()).digest()
            self._keys[stream] = np.uint64(int.from_bytes(digest[:8], "little"))
        return self._keys[stream]


def coprime(wish: int, modulus: int) -> int:
    """The first number from `wish` on that shares no factor with `modulus`: its multiples visit every remainder once."""
    step = max(wish, 1)
    while gcd(step, modulus) != 1:
        step += 1
    return step
