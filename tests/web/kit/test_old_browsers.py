"""What we write runs in Chrome 90 under the strict policy: read from the files, with planted faults to show the reading works."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from xiezhi.web.kit.messages import CHINESE, WEB

CSS = {
    ":has (105)": r":has\(",
    "color-mix (111)": r"color-mix\(",
    "relative or new colours (111)": r"\b(oklch|oklab|lch|lab|color)\(|\b(rgb|hsl)a?\(\s*from\b",
    "light-dark (123)": r"light-dark\(",
    "container queries (105)": r"@container|container-type|\d(cqw|cqi|cqh)\b",
    "cascade layers (99)": r"@layer",
    "nesting (112)": r"(^|[;{}])\s*&",
    "range media queries (104)": r"@media[^{]*[<>]=?",
    "small viewport units (108)": r"\d(dvh|svh|lvh|dvw|svw|lvw)\b",
    "single transforms (104)": r"[;{\s](translate|rotate|scale)\s*:",
    "accent-color (93)": r"accent-color",
    "scrollbar-gutter (94)": r"scrollbar-gutter",
    "text-wrap (114)": r"text-wrap\s*:",
    "subgrid (117)": r"subgrid",
    "inset shorthand units of anchor (125)": r"anchor\(",
    "print-color-adjust unprefixed (136)": r"(?<!-webkit-)print-color-adjust",
    "an address outside": r"https?://",
}
JS = {
    "at() (92)": r"\.at\(",
    "Object.hasOwn (93)": r"Object\.hasOwn",
    "structuredClone (98)": r"structuredClone",
    "findLast (97)": r"\.findLast(Index)?\(",
    "copying array methods (110)": r"\.(toSorted|toReversed|toSpliced|with)\(",
    "groupBy (117)": r"\.groupBy\(",
    "static blocks (94)": r"static\s*\{",
    "private in (91)": r"#\w+ in ",
    "Array.fromAsync (121)": r"fromAsync",
    "withResolvers (119)": r"withResolvers",
    "AbortSignal.timeout (103)": r"AbortSignal\.timeout",
    "view transitions (111)": r"startViewTransition",
    "popover, dialog.requestClose (114)": r"showPopover|togglePopover",
    "eval": r"\beval\(|new Function\(|set(Timeout|Interval)\(\s*['\"]",
    "HTML from strings": r"\.(innerHTML|outerHTML|insertAdjacentHTML)\b|document\.write",
    "style attributes": r"setAttribute\(\s*['\"]style|\.cssText",
    "an address outside": r"['\"]https?://",
}
TEMPLATES = {
    "style element": r"<style",
    "style attribute": r"\sstyle\s*=",
    "event attribute": r"\son[a-z]+\s*=",
    "script without a file": r"<script(?![^>]*\ssrc=)[^>]*>",
    "hx-on": r"\bhx-on",
    "js: values": r"['\"]\s*(js|javascript):",
    "event filter": r"hx-trigger=\"[^\"]*\[",
    "an address outside": r"(src|href|action)=\"(https?:)?//",
}


def faults(text: str, patterns: dict[str, str]) -> list[str]:
    return [name for name, pattern in patterns.items() if re.search(pattern, text, re.MULTILINE)]


def without_comments(text: str) -> str:
    """Nor Django's own tags: `{% if one == two %}` is no event attribute."""
    return re.sub(r"\{%.*?%\}|\{#.*?#\}|/\*.*?\*/|^\s*//.*$|\s//\s.*$", "", text, flags=re.DOTALL | re.MULTILINE)


def ours(suffix: str) -> Iterator[Path]:
    for path in sorted(WEB.rglob(f"*.{suffix}")):
        if not {"vendor", "node_modules", "for_tests"} & set(path.parts):
            yield path


@pytest.mark.parametrize(("suffix", "patterns"), [("css", CSS), ("js", JS), ("html", TEMPLATES)])
def test_our_files_use_nothing_newer_or_forbidden(suffix: str, patterns: dict[str, str]) -> None:
    found = {
        str(path.relative_to(WEB)): wrong
        for path in ours(suffix)
        if (wrong := faults(without_comments(path.read_text()), patterns))
    }
    assert found == {}
    assert list(ours(suffix)), "nothing was read"


def test_scripts_say_nothing_that_cannot_be_translated() -> None:
    assert [path.name for path in ours("js") if CHINESE.search(without_comments(path.read_text()))] == []


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        (".a:has(.b) {}", CSS),
        (".a { & .b { color: red } }", CSS),
        ("@media (width >= 40rem) {}", CSS),
        ("a { rotate: 3deg }", CSS),
        ("a { height: 100dvh }", CSS),
        ("list.at(-1)", JS),
        ("x.innerHTML = y", JS),
        ("setTimeout('go()')", JS),
        ('<p style="color: red">', TEMPLATES),
        ("<script>go()</script>", TEMPLATES),
        ('<a onclick="go()">', TEMPLATES),
        ('<div hx-on:click="go()">', TEMPLATES),
    ],
)
def test_a_planted_fault_is_seen(text: str, patterns: dict[str, str]) -> None:
    assert faults(text, patterns)


# Contrast, reckoned from the theme itself (WCAG 2.2: 4.5 for text, 3 for what outlines a control).
TEXT_ON = [
    *(("text", ground) for ground in ("paper", "surface", "surface-raised", "surface-hover", "surface-picked")),
    *(("text-muted", ground) for ground in ("paper", "surface", "surface-raised", "surface-hover", "surface-picked")),
    *(("brand", ground) for ground in ("paper", "surface", "surface-raised", "surface-hover", "surface-picked", "brand-soft")),
    *((tone, f"{tone}-soft") for tone in ("red", "orange", "yellow", "blue", "green")),
    *((tone, "surface") for tone in ("red", "orange", "yellow", "blue", "green", "accent")),
    ("text", "red-soft"), ("text", "yellow-soft"), ("text", "blue-soft"), ("text", "green-soft"),
    ("ink-text", "ink"), ("ink-muted", "ink"), ("ink-text", "ink-raised"), ("bs-code-color", "surface"),
    ("#fff", "brand-fill"), ("#fff", "brand-fill-hover"), ("#fff", "bs-danger"), ("#fff", "bs-success"),
    ("#fff", "#96261f"), ("#fff", "#c4352d"),
]  # fmt: skip


def variables(theme: str) -> dict[str, str]:
    css = (WEB / "kit/static/kit/theme.css").read_text()
    block = re.search(rf'\[data-bs-theme="{theme}"\] \{{(.*?)\n\}}', css, re.DOTALL)
    assert block
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{3,6})\b", block[1]))


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read(theme: str) -> None:
    known = variables(theme)
    measured = {pair: contrast(*(name if name.startswith("#") else known[name] for name in pair)) for pair in TEXT_ON}
    assert {pair: round(ratio, 2) for pair, ratio in measured.items() if ratio < 4.5} == {}
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")
