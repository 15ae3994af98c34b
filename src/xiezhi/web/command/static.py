"""What browsers load: collected into the data folder once per version, with hashed names and compressed copies."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from xiezhi.kernel.hashing import digest
from xiezhi.web.kit.messages import compile_all


def prepare_static() -> None:
    """Collect static files and compile the English texts, unless what was collected is what there is."""
    compile_all()
    stamp = Path(settings.STATIC_ROOT) / ".collected"
    present = _fingerprint()
    if not stamp.exists() or stamp.read_text() != present:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(present)


def _fingerprint() -> str:
    web = Path(__file__).resolve().parent.parent
    files = sorted(path for path in web.glob("*/static/**/*") if path.is_file())
    return digest(
        [settings.XIEZHI_VERSION, *((str(path.relative_to(web)), path.stat().st_size, path.stat().st_mtime_ns) for path in files)]
    )
