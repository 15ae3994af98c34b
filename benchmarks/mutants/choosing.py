"""Which tests could notice a mistake in a module: those that import it, near ones first."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import grimp

FOLDERS = ("tests/core", "tests/content")
"""The web's tests need a database server and enter through the browser's door; the core is held by its own."""


class Tests:
    """The tests of a tree. `reach`: how many imports may lie between a test and the module, besides the package's own tests."""

    __test__ = False  # or pytest would collect it by its name

    def __init__(self, tree: Path, reach: int, folders: Sequence[str] = FOLDERS) -> None:
        self._tree, self._reach = tree, reach
        self._graph = grimp.build_graph("xiezhi", include_external_packages=False)
        paths = [path for folder in folders for path in sorted((tree / folder).rglob("test_*.py"))]
        self.files = [path.relative_to(tree).as_posix() for path in paths]
        self._imports = {file: frozenset(self._imported(path)) for file, path in zip(self.files, paths, strict=True)}

    def near(self, module: str) -> list[str]:
        """Test files: the package's own, then the others, nearest first."""
        distances = self._distances(module)
        own = _own_folder(module)
        found: list[tuple[bool, int, str]] = []
        for test, imported in self._imports.items():
            distance = min((distances[name] for name in imported if name in distances), default=None)
            other = not test.startswith(own)
            if distance is not None and (distance <= self._reach or not other):
                found.append((other, distance, test))
        return [test for *_, test in sorted(found)]

    def _distances(self, module: str) -> dict[str, int]:
        """How many imports lead from each module to `module`."""
        distances, edge = {module: 0}, [module]
        while edge:
            found = {other for name in edge for other in self._graph.find_modules_that_directly_import(name)}
            edge = sorted(found - distances.keys())
            distances |= dict.fromkeys(edge, distances[module] + 1 + max(distances.values()))
        return distances

    def _imported(self, path: Path) -> Iterator[str]:
        """The modules of ours that a test file imports, through helpers and the conftests above it too."""
        seen, waiting = set[Path](), [path, *(above / "conftest.py" for above in path.parents if self._tree in above.parents)]
        while waiting:
            file = waiting.pop()
            if file in seen or not file.exists():
                continue
            seen.add(file)
            for name in _names(file):
                if name in self._graph.modules:
                    yield name
                elif name.startswith("tests."):
                    waiting.append(self._tree / f"{name.replace('.', '/')}.py")


def _own_folder(module: str) -> str:
    """Where a package's own tests lie: `tests/core/intake/`, `tests/web/alerts/`."""
    parts = [*module.split("."), "", ""]
    return f"tests/web/{parts[2]}/" if parts[1] == "web" else f"tests/core/{parts[1]}/"


@cache
def _names(file: Path) -> list[str]:
    """Everything a file could import: modules, and the names taken from them, which may be modules."""
    names = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return names
