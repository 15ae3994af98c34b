"""Restore and drill: equal to the last bit, or refused; into an empty place, which stays empty where it fails."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.web.database.living import CONFIG, PASSPHRASE, Living, Watching, application_reads, contradictions, left_behind
from tests.web.database.site import Site
from xiezhi.cli.terminal import STAGES
from xiezhi.kernel.errors import IntegrityError, UserError, XiezhiError
from xiezhi.kernel.hashing import sha256
from xiezhi.kernel.identity_kind import IdentityKind
from xiezhi.operations.identities import vault_statistics, verify_vault
from xiezhi.web.database import keys_box, manifest, restore, roles
from xiezhi.web.database import restore as restore_module
from xiezhi.web.database.backup import backup
from xiezhi.web.database.drill import drill
from xiezhi.web.database.embedded import Embedded


def databases(server: Embedded) -> set[str]:
    with psycopg.connect(server.url()) as admin:
        return {row[0] for row in admin.execute("SELECT datname FROM pg_database")}


def test_what_is_restored_is_what_was(living: Living, made: Path, place: tuple[Path, Site], server: Embedded) -> None:
    home, site = place
    report = restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert report.equal
    assert report.rows > 50
    assert report.tables == 3
    assert contradictions(home, site.url("postgres")) == []
    assert application_reads(site) == living.events
    assert (home / "keys" / "audit.key").read_bytes() == (living.home / "keys" / "audit.key").read_bytes()
    assert (home / "uploads" / "one" / "支付.csv").read_text("utf-8") == "内容\n"
    assert not (home / "exports").exists()
    assert vault_statistics(CONFIG, home / "lake").counts[IdentityKind.CITIZEN_ID] == 40
    verify_vault(CONFIG, home / "lake")
    modes = {path.relative_to(home).as_posix(): path.stat().st_mode & 0o777 for path in home.rglob("*")}
    private = ("lake/vault", "lake/originals", "lake/set_aside", "lake/vault/site.key", "keys/audit.key")
    assert not any(modes[name] & 0o077 for name in private)
    with site.connect() as connection:
        assert roles.check_app_role(connection) == []
    with site.connect(roles.APP) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("DELETE FROM event")
    assert left_behind(home) == []


def test_a_drill_finds_it_equal_and_leaves_nothing(made: Path, tmp_path: Path) -> None:
    watching = Watching()
    report = drill(made, passphrase=PASSPHRASE, folder=tmp_path, progress=watching)
    assert report.equal, report.report.differences
    assert {one.name for one in report.report.comparisons} > {
        "table public.alert",
        "file checkpoints/checkpoints.jsonl",
        "definitions",
        "sequences",
        "application bound by row-level security",
    }
    assert report.seconds > 0
    assert list(tmp_path.iterdir()) == []
    assert set(watching.stages) <= set(STAGES)


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def edit(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def smuggle(backup_folder: Path) -> None:
    """A lake file altered and the manifest made to fit."""
    path = next((backup_folder / "files" / "lake" / "tables").rglob("*.parquet"))
    flip(path)
    name = path.relative_to(backup_folder).as_posix()

    def fit(content: dict[str, Any]) -> None:
        for entry in content["files"]:
            if entry["path"] == name:
                entry["sha256"] = sha256(path.read_bytes())

    edit(backup_folder / "manifest.json", fit)


ALTERATIONS: dict[str, Callable[[Path], None]] = {
    "dump": lambda folder: flip(folder / "database.dump"),
    "lake": lambda folder: flip(next((folder / "files/lake").rglob("*.parquet"))),
    "ledger": lambda folder: flip(folder / "files/lake/ledger.sqlite"),
    "vault": lambda folder: flip(folder / "files/lake/vault/vault.duckdb"),
    "keys": lambda folder: flip(folder / "keys.sealed"),
    "longer": lambda folder: (folder / "database.dump").open("ab").write(b"x") and None,
    "missing": lambda folder: (folder / "files/checkpoints/checkpoints.jsonl").unlink(),
    "added": lambda folder: (folder / "files/lake/more").write_text("x") and None,
    "manifest": smuggle,
    "rows": lambda folder: edit(folder / "manifest.json", lambda content: content["database"]["tables"].popitem() and None),
    "moment": lambda folder: edit(folder / "manifest.json", lambda content: content.update(made_at="2020-01-01")),
    "broken": lambda folder: (folder / "manifest.json").write_text("{}") and None,
}


@pytest.mark.parametrize("alteration", ALTERATIONS)
def test_an_altered_backup_is_refused_and_nothing_is_restored(
    copy_of_made: Path, place: tuple[Path, Site], alteration: str
) -> None:
    ALTERATIONS[alteration](copy_of_made)
    home, site = place
    with pytest.raises(IntegrityError) as refused:
        restore.restore(copy_of_made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert refused.value.code == "XZ-BK-03"
    assert not home.exists()
    assert site.database not in databases(site.server)


@pytest.mark.parametrize("name", ["../x", "files/../../x", "/etc/x", ""])
@pytest.mark.parametrize("what", ["files", "folders", "keys"])
def test_a_manifest_made_to_write_elsewhere_is_not_even_read(copy_of_made: Path, name: str, what: str) -> None:
    """Whoever made the backup could make its keys' file fit any manifest."""

    def point_elsewhere(content: dict[str, Any]) -> None:
        if what == "files":
            content["files"][0]["path"] = name
        elif what == "folders":
            content["folders"][name] = 0o755
        else:
            content["keys"]["path"] = name

    edit(copy_of_made / "manifest.json", point_elsewhere)
    with pytest.raises(IntegrityError) as refused:
        manifest.read(copy_of_made)
    assert refused.value.code == "XZ-BK-03"


def test_keys_made_to_be_written_elsewhere_are_refused() -> None:
    box = keys_box.packed(keys_box.Box("", (keys_box.Key("../../root/.ssh/authorized_keys", b"x"),)), None)
    with pytest.raises(IntegrityError):
        keys_box.unpacked(box, None)


@pytest.mark.parametrize("passphrase", [None, "", "correct horse batterie"])
def test_a_wrong_passphrase_is_refused(made: Path, place: tuple[Path, Site], passphrase: str | None) -> None:
    home, site = place
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, site.url("postgres"), passphrase=passphrase)
    assert refused.value.code == "XZ-BK-05"
    assert not home.exists()


def test_a_place_that_is_not_empty_is_refused(made: Path, place: tuple[Path, Site], living: Living) -> None:
    home, site = place
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "django.key").write_text("made by the web as it started")
    (home / "lake" / "vault").mkdir(parents=True)
    (home / "lake" / "vault" / "x").write_text("somebody's")
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert "lake/vault/x" in refused.value.zh
    shutil.rmtree(home / "lake")
    with pytest.raises(UserError) as refused:
        restore.restore(made, home, living.admin_url, passphrase=PASSPHRASE)
    assert refused.value.code == "XZ-BK-31"
    assert living.site.database in refused.value.zh
    roles.prepare(site.server.url(), site.database)
    assert restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE).equal


@pytest.mark.parametrize("stage", ["verify", "copy", "load"])
def test_a_restore_that_is_stopped_leaves_an_empty_place(made: Path, place: tuple[Path, Site], stage: str) -> None:
    home, site = place
    with pytest.raises(UserError) as stopped:
        restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE, progress=Watching(stage))
    assert stopped.value.code == "XZ-BK-21"
    assert not home.exists() or list(home.iterdir()) == []
    assert site.database not in databases(site.server)
    assert restore.restore(made, home, site.url("postgres"), passphrase=PASSPHRASE).equal


CHANGES = {
    "table public.delivery": "DELETE FROM delivery WHERE number = 1",
    "table public.alert": "UPDATE alert SET amount = 12.31 WHERE id = (SELECT id FROM alert LIMIT 1)",
    "table public.more": "CREATE TABLE more (n int)",
    "sequences": "SELECT setval('delivery_id_seq', 1)",
    "definitions": "ALTER TABLE alert NO FORCE ROW LEVEL SECURITY",
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_restored_database_that_is_not_equal_is_named(
    made: Path, place: tuple[Path, Site], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """As if PostgreSQL had restored something else."""
    home, site = place
    real = restore_module.load

    def load(admin_url: str, *others: Any) -> None:
        real(admin_url, *others)
        with psycopg.connect(admin_url) as connection:
            connection.execute(CHANGES[name])

    monkeypatch.setattr(restore_module, "load", load)
    report = restore.restored(made, home, site.url("postgres"), passphrase=PASSPHRASE)
    assert name in {difference.name for difference in report.differences}


def test_no_backup_is_no_backup(tmp_path: Path, server: Embedded) -> None:
    with pytest.raises(UserError) as refused:
        drill(tmp_path)
    assert refused.value.code == "XZ-BK-01"
    with pytest.raises(UserError) as unnamed:
        backup(tmp_path, "postgresql:///", tmp_path)
    assert unnamed.value.code == "XZ-BK-20"


def test_every_refusal_speaks_both_languages(made: Path, tmp_path: Path) -> None:
    refusals: list[XiezhiError] = []
    for call in (lambda: drill(tmp_path), lambda: drill(made), lambda: restore.verify(made, "wrong passphrase")):
        try:
            call()
        except XiezhiError as error:
            refusals.append(error)
    assert len(refusals) == 3
    assert all(error.zh and error.en and error.todo_zh and error.todo_en for error in refusals)


def test_a_passphrase_is_not_given_for_nothing() -> None:
    """Whoever may write a backup took the seal off and put what they liked under it: "as it was made", and restored."""
    plain = keys_box.packed(keys_box.Box("", ()), None)
    with pytest.raises(IntegrityError) as refused:
        keys_box.unpacked(plain, "correct horse battery")
    assert refused.value.code == "XZ-BK-26"
