"""Addresses that no way back may lead to."""

from __future__ import annotations

ELSEWHERE = (
    "https://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "evil",
    "",
    "http://[",
)
