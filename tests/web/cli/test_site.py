"""deploy/README.md, step by step, as a site's engineer follows it: its own PostgreSQL, site mode, no demonstration."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.core.intake.receiving import payment, write_csv
from tests.web.accounts.test_first_run import SITE as WIZARD
from tests.web.cli.running import Serving, Shell
from xiezhi.web.database.embedded import ADMIN, Embedded

PROXY = {"Host": "xiezhi.jiwei.intranet", "X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}


def ok(shell: Shell, *arguments: str, told: str = "", **more: str) -> str:
    ran = shell.xiezhi(*arguments, told=told, **more)
    assert ran.code == 0, f"xiezhi {' '.join(arguments)}: {ran.code}\n{ran.out}\n{ran.err}"
    return ran.out + ran.err


@pytest.mark.long
def test_from_nothing_to_a_restored_backup(site: Shell, cluster: Embedded, tmp_path: Path) -> None:
    owner = {"XIEZHI_OWNER_URL": cluster.url("xiezhi_owner", "xiezhi")}
    backups = {"XIEZHI_BACKUP_URL": cluster.url("xiezhi_backup", "xiezhi")}
    key = Path(site.settings["XIEZHI_KEY_FILE"])

    assert "keys.missing" in site.xiezhi("doctor").out
    ok(site, "vault", "new-key", str(key))
    assert site.xiezhi("vault", "new-key", str(key)).code == 2, "a key is never overwritten"
    ok(site, "migrate", **owner)
    ok(site, "migrate", **owner)

    with site.serving() as serving:
        first_run(serving)
        receive(site, tmp_path)
        assert "no job" in ok(site, "reap")
    assert serving.process.returncode == 0, serving.said

    doctor = site.xiezhi("doctor")
    assert [line for line in doctor.out.splitlines() if line.startswith("✗")] == [], doctor.out
    assert doctor.code == 0

    passphrase = tmp_path / "backup.pass"
    passphrase.write_text("correct horse battery\n")
    folder = tmp_path / "backups"
    asked = ("--passphrase-file", str(passphrase))
    ok(site, "backup", str(folder), *asked, "--keep-days", "90", **backups)
    [made] = folder.glob("xiezhi-*")
    assert "all equal" in ok(site, "drill", str(made), *asked)

    elsewhere = Shell(site.folder, {**site.settings, "XIEZHI_HOME": str(tmp_path / "home2")})
    elsewhere.settings["XIEZHI_DATABASE_URL"] = cluster.url("xiezhi_app", "restored")
    ok(elsewhere, "restore", str(made), *asked, XIEZHI_BACKUP_URL=cluster.url(ADMIN, "restored"))
    ok(elsewhere, "migrate", XIEZHI_OWNER_URL=cluster.url("xiezhi_owner", "restored"))
    ok(elsewhere, "audit", "resume", "--why", "restored the backup")
    assert "sound" in ok(elsewhere, "audit", "verify")
    again = elsewhere.xiezhi("doctor")
    assert again.code == 0, again.out
    ok(elsewhere, "vault", "verify", "--lake", str(tmp_path / "home2" / "lake"))


def first_run(serving: Serving) -> None:
    """The link is in one line of the journal, under the name that people reach the site by. Three people behind it."""
    assert serving.get("/", **PROXY).status == 302
    found = re.search(r"https://xiezhi\.jiwei\.intranet(/setup/[\w-]+/)", serving.said)
    assert found, serving.said
    done = serving.post(found[1], WIZARD, **PROXY)
    assert (done.status, done.goes_to) == (302, "/account/login/"), done.text
    assert serving.get(found[1], **PROXY).status == 404


def receive(site: Shell, folder: Path) -> None:
    """What a department brings on a stick; its identities go under the site's own key."""
    lake = str(Path(site.settings["XIEZHI_HOME"]) / "lake")
    file = write_csv(folder / "岚溯县202501惠民补贴发放明细.csv", [payment(n) for n in range(1, 6)])
    ok(site, "receive", str(file), "--lake", lake)
    assert not (Path(lake) / "vault" / "site.key").exists()
