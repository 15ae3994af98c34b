"""A sealer in a process of its own, for tests that kill it: seals a few events at a time, for ever."""

from __future__ import annotations

import time
from contextlib import suppress

import django

django.setup()

from xiezhi.kernel.errors import RetryableError  # noqa: E402
from xiezhi.web.audit.actions import sealing  # noqa: E402

if __name__ == "__main__":
    print("ready", flush=True)
    while True:
        with suppress(RetryableError):
            sealing.seal(limit=7)
        time.sleep(0.002)
