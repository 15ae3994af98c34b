"""What an app must be named in, outside its own folder, names every app."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings

import xiezhi.web
from xiezhi.web.config.settings import APPS

WEB = Path(xiezhi.web.__file__).parent
FOLDERS = {path.parent.name for path in WEB.glob("*/apps.py")} - {"kit"}

OTHERWISE_BUILT = {
    "accounts": "lies below all apps: who may what, and as whom they see",
    "audit": "lies below all apps: the trail that they write into",
    "jobs": "lies below all apps: what they have done in the background",
    "trail": "screens over audit, which has the tables",
    "api": "a door for machines to what other apps know: endpoints in the place of views",
    "schedule": "one table",
    "doctor": "answers of the site about itself, without tables and people",
    "demonstration": "sets up the other apps as people would",
}
"""Apps that have not the anatomy of the others, and why."""


def contracts() -> dict[str, dict[str, Any]]:
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text("utf-8"))
    return {one["name"]: one for one in project["tool"]["importlinter"]["contracts"]}


def test_every_folder_of_an_app_is_installed() -> None:
    assert set(APPS) == FOLDERS
    assert {f"xiezhi.web.{app}" for app in APPS} <= set(settings.INSTALLED_APPS)


def test_every_app_has_the_anatomy_or_a_reason() -> None:
    held = {container.rpartition(".")[2] for container in contracts()["Every app has the same anatomy"]["containers"]}
    assert held.isdisjoint(OTHERWISE_BUILT)
    assert held | OTHERWISE_BUILT.keys() == FOLDERS
