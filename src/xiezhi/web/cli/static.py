"""What browsers load: collected into the data folder once per version, with hashed names and compressed copies."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from xiezhi.kernel.hashing import digest
from xiezhi.web.kit.messages import WEB, compile_all


def prepare_static() -> None:
    """Collect static files and compile the English texts, unless what was collected is what there is.

    What was installed from a wheel has its texts compiled, and the service may not write there.
    """
    if os.access(WEB, os.W_OK):
        compile_all()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    present = _fingerprint()
    if not stamp.exists() or stamp.read_text() != present:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(present)


def _fingerprint() -> str:
    files = sorted(path for path in WEB.glob("*/static/**/*") if path.is_file())
    return digest(
        [settings.XIEZHI_VERSION, *((str(path.relative_to(WEB)), path.stat().st_size, path.stat().st_mtime_ns) for path in files)]
    )
