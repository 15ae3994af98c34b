"""A folder of generated pages: what is gone is removed, what is somebody else's stays."""

from __future__ import annotations

from pathlib import Path

from xiezhi.kernel.reference import write_reference


def test_only_pages_of_last_time_are_removed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", "utf-8")
    write_reference(tmp_path, {"one.md": "1", "two.md": "2", "index.md": "[1](one.md) [2](two.md)"})
    written = write_reference(tmp_path, {"two.md": "22", "index.md": "[2](two.md)"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "index.md", "two.md"]
    assert [path.name for path in written] == ["two.md", "index.md"]
    assert (tmp_path / "two.md").read_text("utf-8") == "22"
