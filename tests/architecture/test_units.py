"""Every service of a site runs shut in: what one of them is denied, all are."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parents[2] / "deploy" / "systemd").glob("*.service"))
DENIED = {
    "UMask": "0077", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
    "PrivateDevices": "yes", "ProtectKernelTunables": "yes", "ProtectKernelModules": "yes", "ProtectKernelLogs": "yes",
    "ProtectControlGroups": "yes", "ProtectClock": "yes", "ProtectHostname": "yes", "ProtectProc": "invisible",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6", "RestrictNamespaces": "yes", "RestrictRealtime": "yes",
    "RestrictSUIDSGID": "yes", "RemoveIPC": "yes", "LockPersonality": "yes", "SystemCallArchitectures": "native",
    "SystemCallFilter": "@system-service", "CapabilityBoundingSet": "", "AmbientCapabilities": "", "LimitCORE": "0",
}  # fmt: skip
OWNERS = {"xiezhi-migrate.service": {"CapabilityBoundingSet": "CAP_DAC_OVERRIDE"}}
"""What the service runs as must never become the owner of the tables, so migrating is root's, of whose powers one is left."""
WRITES = ("/var/lib/xiezhi", "/var/backups/xiezhi", "/etc/xiezhi/vault", "/mnt/witness/xiezhi")
MOST_EXPOSED = 30
"""systemd's own mark, in tenths: 0 is shut, 100 is open."""


def service(unit: Path) -> dict[str, str]:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(unit.read_text("utf-8"))
    return dict(parser["Service"])


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_is_denied_what_it_does_not_need(unit: Path) -> None:
    said = service(unit)
    assert {name: said.get(name) for name in DENIED} == DENIED | OWNERS.get(unit.name, {})
    assert said["User"] == ("root" if unit.name in OWNERS else "xiezhi")
    assert said["Group"] == "xiezhi"
    assert [path for path in said["ReadWritePaths"].split() if path.removeprefix("-") not in WRITES] == []


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_agrees(unit: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("NO systemd-analyze on this machine")
    asked = [analyze, "security", "--offline=true", f"--threshold={MOST_EXPOSED}", str(unit)]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_there_are_services() -> None:
    assert len(UNITS) >= 4
