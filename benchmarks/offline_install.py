"""The install without internet, word for word as `deploy/README.md` and `deploy/Containerfile` give it, in folders of its own.

    python -m benchmarks.offline_install

Makes the wheelhouse, then installs from it twice with each of two pips: the one that Python brings, and the newest that the
index has. What was installed must start, receive a file and carry its web pages' files. The exit code is 1 where one does not.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.core.intake.receiving import payment, write_csv

ROOT = Path(__file__).parents[1]
PLACES = {"/opt/xiezhi": "program", "/wheelhouse": "wheelhouse"}
"""Where the commands put things, and the folder that stands for it here."""

NO_NETWORK = {"PIP_CONFIG_FILE": os.devnull, "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}

CARRIED = """
from importlib.resources import files
import xiezhi.web
kit = files(xiezhi.web) / "kit"
assert any((kit / "static" / "vendor").iterdir()), "no browser libraries"
assert (kit / "locale" / "en" / "LC_MESSAGES" / "django.mo").is_file(), "no English"
"""


def main() -> None:
    print("making the wheelhouse ...", flush=True)
    subprocess.run([ROOT / "deploy" / "wheelhouse.sh"], check=True, env=os.environ | {"PYTHON": sys.executable})
    [archive] = (ROOT / "dist").glob("xiezhi-*.tar")
    sound = True
    for way, commands in {"README": list(_by_hand()), "Containerfile": list(_in_a_container())}.items():
        for newest in (False, True):
            with tempfile.TemporaryDirectory(prefix="xz-offline-") as folder:
                told = _installed(Path(folder), archive, commands, newest=newest)
            print(
                f"{way}, {'newest pip' if newest else 'pip of this Python'}: {told or 'installed, starts, receives'}", flush=True
            )
            sound = sound and not told
    sys.exit(0 if sound else 1)


def _by_hand() -> Iterator[str]:
    """The commands of the README from the archive on."""
    text = (ROOT / "deploy" / "README.md").read_text("utf-8")
    block = text.partition("tar -xf")[2].partition("```")[0]
    yield from (f"tar -xf{block}").strip().splitlines()


def _in_a_container() -> Iterator[str]:
    """The commands of the Containerfile up to where they leave the wheelhouse behind; COPY brings what `tar` brings here."""
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    ran = re.search(r"^RUN (.+)$", text, re.MULTILINE)
    assert ran
    yield "tar -xf xiezhi-*.tar"
    yield from (part.strip() for part in ran[1].split("&&") if not re.search("rm -rf|useradd|^cd /$", part.strip()))


def _installed(folder: Path, archive: Path, commands: list[str], *, newest: bool) -> str:
    """What went wrong; nothing where nothing did."""
    (folder / archive.name).symlink_to(archive)
    program = folder / PLACES["/opt/xiezhi"]
    lines = [_here(command, folder) for command in commands]
    if newest:
        made = next(place for place, line in enumerate(lines) if " -m venv " in line)
        lines.insert(made + 1, _newest_pip(folder, program))
    done = _run(f"cd {shlex.quote(str(folder))} && " + " && ".join(lines), folder)
    return done or _works(program, folder)


def _here(command: str, folder: Path) -> str:
    python = re.sub(r"^python(?:3\.11)? ", f"{shlex.quote(sys.executable)} ", command.strip())
    for place, name in PLACES.items():
        python = python.replace(place, str(folder / name))
    return python


def _newest_pip(folder: Path, program: Path) -> str:
    """Carried in like the rest: downloaded outside, installed without an index."""
    carried = folder / "pip"
    subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "pip", "-d", carried], check=True)
    return f"{program}/bin/pip install --quiet --no-index --find-links {carried} --upgrade pip"


def _works(program: Path, folder: Path) -> str:
    delivered = write_csv(folder / "delivered.csv", [payment(1)])
    received = f"{program}/bin/xiezhi receive {delivered} --lake {folder}/lake"
    return _run(f"{program}/bin/python -c {shlex.quote(CARRIED)} && {received}", folder)


def _run(line: str, folder: Path) -> str:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", line],
        cwd=folder,
        env=os.environ | NO_NETWORK,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else f"exit code {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"


if __name__ == "__main__":
    main()
