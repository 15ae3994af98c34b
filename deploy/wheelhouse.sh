#!/usr/bin/env bash
# On a machine with internet: everything a site needs, in one archive with hashes.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3.11}
version=$("$python" -c 'import re, pathlib; print(re.search(r"__version__ = \"(.+?)\"", pathlib.Path("src/xiezhi/__init__.py").read_text())[1])')
out=dist/wheelhouse
rm -rf "$out" && mkdir -p "$out"
make .venv/.assets                                  # browser libraries and the English texts, which the wheel carries
.venv/bin/python -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir "$out" .
.venv/bin/python -m pip download --quiet --only-binary=:all: --require-hashes -r requirements/site.lock -d "$out"
wheel=$(basename "$out"/xiezhi-*.whl)
{ cat requirements/site.lock; echo "xiezhi==$version --hash=sha256:$(sha256sum "$out/$wheel" | cut -d' ' -f1)"; } > "$out/site.lock"
(cd "$out" && sha256sum ./* > SHA256SUMS)
tar -C dist -cf "dist/xiezhi-$version.tar" wheelhouse
sha256sum "dist/xiezhi-$version.tar"
