# SPDX-License-Identifier: Apache-2.0
"""`guid()` and `uniqueString()`: the same texts give the same name, in Azure and here.

Sources: "String functions for Bicep" of Microsoft's documentation for the namespace of `guid()`; `uniqueString()` is a variant of
MurmurHash64B whose steps several public reimplementations agree upon, and whose results for known texts are in the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

_NAMESPACE = UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz234567"
_WORD = 0xFFFFFFFF
_ONE, _TWO = 0xAB0E9789, 0x239B961B
_MIX = (0x85EBCA6B, 0xC2B2AE35)


def guid_of(texts: Sequence[str]) -> str:
    """What `guid()` gives for these texts."""
    return str(uuid5(_NAMESPACE, "-".join(texts)))


def unique_string_of(texts: Sequence[str]) -> str:
    """What `uniqueString()` gives for these texts: 13 letters and digits."""
    value = _hash("-".join(texts).encode())
    return "".join(_ALPHABET[(value << 1 >> shift) & 31] for shift in range(60, -1, -5))


def _turned(value: int, bits: int) -> int:
    return (value << bits | value >> 32 - bits) & _WORD


def _first(word: int) -> int:
    return _turned(word * _TWO & _WORD, 15) * _ONE & _WORD


def _second(word: int) -> int:
    return _turned(word * _ONE & _WORD, 17) * _TWO & _WORD


def _mixed(value: int) -> int:
    value = (value ^ value >> 16) * _MIX[0] & _WORD
    value = (value ^ value >> 13) * _MIX[1] & _WORD
    return value ^ value >> 16


def _hash(content: bytes) -> int:
    one = two = 0
    whole = len(content) // 8 * 8
    for at in range(0, whole, 8):
        one ^= _first(int.from_bytes(content[at : at + 4], "little"))
        one = (_turned(one, 19) + two) * 5 + 0x561CCD1B & _WORD
        two ^= _second(int.from_bytes(content[at + 4 : at + 8], "little"))
        two = (_turned(two, 13) + one) * 5 + 0x0BCAA747 & _WORD
    rest = content[whole:]
    one ^= _first(int.from_bytes(rest[:4], "little"))
    two ^= _second(int.from_bytes(rest[4:], "little"))
    two ^= len(content)
    one = (one ^ len(content)) + two & _WORD
    two = two + one & _WORD
    one, two = _mixed(one), _mixed(two)
    one = one + two & _WORD
    two = two + one & _WORD
    return two << 32 | one
