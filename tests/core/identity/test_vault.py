"""The vault: numbers, reveals, forgetting, another key. And what a wrong key, a second process or a crash do to it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from xiezhi.engines.duckdb_engine import DuckDB
from xiezhi.identity import site, vault_file
from xiezhi.identity.citizen import check_digit
from xiezhi.identity.crypto import NATIONAL
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.reveal_log import LOGGED
from xiezhi.identity.site import change_key, site_keyring
from xiezhi.identity.vault import MOST_REVEALED, Vault
from xiezhi.kernel.errors import IntegrityError, RetryableError, UserError
from xiezhi.kernel.identity_kind import IdentityKind

ID, NAME, PARTY = IdentityKind.CITIZEN_ID, IdentityKind.NAME, IdentityKind.PARTY_ID
LONG = "某集团股份有限公司第二分公司采购部"
PEOPLE = [body + check_digit(body) for body in ("99010619491231002", "99010619491231017")]
STRANGER = "99010019900101001" + check_digit("99010019900101001")
WHY = {"purpose": "核查线索", "actor": "张三"}


def numbers(vault: Vault, kind: IdentityKind, *values: str) -> list[int]:
    return list(vault.number(kind, pa.array(values, pa.string())).to_pylist())


def test_numbers_are_dense_and_kept(vault: Vault) -> None:
    assert numbers(vault, ID, *PEOPLE) == [1, 2]
    assert numbers(vault, ID, PEOPLE[1], STRANGER, PEOPLE[0]) == [2, 3, 1]
    assert numbers(vault, NAME, "王伟", LONG) == [1, 2]
    assert numbers(vault, NAME, LONG, "李四", LONG) == [2, 3, 2]
    assert numbers(vault, NAME) == []
    assert {kind: vault.count(kind) for kind in (ID, NAME, PARTY)} == {ID: 3, NAME: 3, PARTY: 0}


def test_numbers_survive_closing(tmp_path: Path, keyring: Keyring) -> None:
    for _ in range(2):
        with Vault.open(tmp_path, keyring) as vault:
            assert numbers(vault, ID, *PEOPLE) == [1, 2]


def test_a_null_is_not_numbered(vault: Vault) -> None:
    with pytest.raises(ValueError, match="NULL"):
        vault.number(ID, pa.array([None], pa.string()))


def test_a_value_is_found_as_a_person_writes_it(vault: Vault) -> None:
    numbers(vault, ID, *PEOPLE)
    assert vault.find(ID, " ９" + PEOPLE[1][1:]) == 2
    assert vault.find(ID, "990106491231002") == 1
    assert vault.find(ID, STRANGER) is None
    assert vault.find(ID, "nonsense") is None


def test_a_reveal_answers_and_is_written_down(vault: Vault) -> None:
    numbers(vault, NAME, "王伟", LONG)
    assert vault.reveal(NAME, [2, 1, 9], **WHY, case="2026-018") == {1: "王伟", 2: LONG, 9: None}
    assert vault.verify_log().count == 1


@pytest.mark.parametrize("lacking", [{"purpose": " ", "actor": "张三"}, {"purpose": "核查", "actor": ""}])
def test_nothing_is_revealed_without_purpose_and_actor(vault: Vault, lacking: dict[str, str]) -> None:
    numbers(vault, NAME, "王伟")
    with pytest.raises(UserError, match="XZ-REVEAL-01"):
        vault.reveal(NAME, [1], **lacking)
    with pytest.raises(UserError, match="XZ-REVEAL-01"):
        vault.forget(NAME, 1, **lacking)
    assert vault.count(NAME) == 1


def test_nobody_reveals_a_city_at_once(vault: Vault) -> None:
    with pytest.raises(UserError, match="XZ-REVEAL-02"):
        vault.reveal(NAME, range(1, MOST_REVEALED + 2), **WHY)


def test_nothing_is_revealed_where_the_log_cannot_be_written(vault: Vault, tmp_path: Path) -> None:
    numbers(vault, NAME, "王伟")
    (tmp_path / "vault" / "reveals.jsonl").mkdir()
    with pytest.raises(OSError, match="directory"):
        vault.reveal(NAME, [1], **WHY)


def test_the_forgotten_are_gone_and_their_numbers_with_them(vault: Vault, tmp_path: Path, keyring: Keyring) -> None:
    numbers(vault, PARTY, "一", LONG)
    sealed = _column(vault, tmp_path, keyring, "sealed")
    with Vault.open(tmp_path / "vault", keyring) as again:
        assert again.forget(PARTY, 2, 7, **WHY) == 1
        assert again.reveal(PARTY, [1, 2], **WHY) == {1: "一", 2: None}
        assert again.find(PARTY, LONG) is None
        assert numbers(again, PARTY, LONG) == [3]
        assert again.forget(PARTY, 3, **WHY) == 1
        assert numbers(again, PARTY, LONG) == [4]
        assert again.forget(PARTY, 4, **WHY) == 1
    assert bytes(sealed) not in (tmp_path / "vault" / "vault.duckdb").read_bytes()


def test_a_number_is_never_given_again(vault: Vault) -> None:
    numbers(vault, NAME, "王伟", "李四")
    vault.forget(NAME, 2, **WHY)
    assert numbers(vault, NAME, "王伟") == [1]
    assert numbers(vault, NAME, "李四") == [3]


def test_the_vault_holds_no_value_in_clear(vault: Vault, tmp_path: Path) -> None:
    numbers(vault, ID, *PEOPLE)
    numbers(vault, PARTY, LONG)
    vault.close()
    content = b"".join(path.read_bytes() for path in (tmp_path / "vault").iterdir())
    assert PEOPLE[0].encode() not in content
    assert LONG.encode() not in content
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "vault").iterdir())


def test_another_key_is_noticed_at_the_door(vault: Vault, tmp_path: Path) -> None:
    vault.close()
    with pytest.raises(UserError, match="XZ-KEY-02"):
        Vault.open(tmp_path / "vault", Keyring.fresh())


def test_a_second_process_is_told_to_wait(vault: Vault, tmp_path: Path) -> None:
    program = (
        f"from xiezhi.identity.vault import key_id_of; from pathlib import Path; key_id_of(Path({str(tmp_path / 'vault')!r}))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=_environment(), capture_output=True, text=True, check=False)
    assert RetryableError.__name__ in done.stderr
    assert "XZ-VAULT-02" in done.stderr


def test_what_is_no_vault_is_said_to_be_broken(tmp_path: Path, keyring: Keyring) -> None:
    (tmp_path / "vault.duckdb").write_bytes(b"no database" * 1000)
    with pytest.raises(IntegrityError, match="XZ-VAULT-01"):
        Vault.open(tmp_path, keyring)


def test_another_key_changes_the_tokens_and_nothing_else(tmp_path: Path) -> None:
    old = site_keyring(tmp_path)
    with Vault.open(tmp_path, old) as vault:
        known = numbers(vault, ID, *PEOPLE), numbers(vault, NAME, "王伟", LONG)
        vault.reveal(NAME, [1], **WHY)
        originals = vault.storage_key("originals")
    change_key(tmp_path, actor="张三", provider=NATIONAL)
    new = site_keyring(tmp_path)
    assert (new.provider, new.key_id != old.key_id) == (NATIONAL, True)
    with Vault.open(tmp_path, new) as vault:
        assert (numbers(vault, ID, *PEOPLE), numbers(vault, NAME, "王伟", LONG)) == known
        assert vault.reveal(NAME, [1, 2], **WHY) == {1: "王伟", 2: LONG}
        assert vault.storage_key("originals") == originals
        assert vault.verify_log().count == 3
    with pytest.raises(UserError, match="XZ-KEY-02"):
        Vault.open(tmp_path, old)


def test_a_named_key_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="XZ-KEY-01"):
        site_keyring(tmp_path, tmp_path / "elsewhere")


def test_a_lost_key_is_not_replaced_by_a_new_one(tmp_path: Path) -> None:
    Vault.open(tmp_path, site_keyring(tmp_path)).close()
    (tmp_path / "site.key").unlink()
    with pytest.raises(UserError, match="XZ-KEY-01"):
        site_keyring(tmp_path)


ROTATION = "from xiezhi.identity.site import change_key; change_key(FOLDER, actor='张三')"
FORGETTING = """
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import Vault
with Vault.open(FOLDER, site_keyring(FOLDER)) as vault:
    vault.forget('name', 2, purpose='期满', actor='张三')"""


@pytest.mark.parametrize("point", [LOGGED, site.KEY_MADE, vault_file.REBUILT, vault_file.REPLACED])
def test_a_killed_rotation_leaves_one_readable_vault(tmp_path: Path, point: str) -> None:
    _filled(tmp_path)
    _killed(ROTATION, tmp_path, point)
    _whole(tmp_path, {1: "王伟", 2: LONG})
    assert {path.name for path in tmp_path.iterdir()} == {"vault.duckdb", "site.key", "reveals.jsonl", "reveals.head"}
    change_key(tmp_path, actor="张三")
    _whole(tmp_path, {1: "王伟", 2: LONG})


@pytest.mark.parametrize(("point", "second"), [(LOGGED, LONG), (vault_file.REBUILT, None), (vault_file.REPLACED, None)])
def test_a_killed_forgetting_leaves_one_readable_vault(tmp_path: Path, point: str, second: str | None) -> None:
    _filled(tmp_path)
    _killed(FORGETTING, tmp_path, point)
    _whole(tmp_path, {1: "王伟", 2: second})


NUMBERING = """
import pyarrow as pa
from xiezhi.identity.site import site_keyring
from xiezhi.identity.vault import Vault
with Vault.open(FOLDER, site_keyring(FOLDER)) as vault:
    vault.number('name', pa.array(['李四', '王五']))"""


@pytest.mark.parametrize(("point", "known"), [(vault_file.ASSIGNED, 2), (vault_file.COMMITTED, 4)])
def test_killed_numbering_is_whole_or_not_at_all(tmp_path: Path, point: str, known: int) -> None:
    _filled(tmp_path)
    _killed(NUMBERING, tmp_path, point)
    with Vault.open(tmp_path, site_keyring(tmp_path)) as vault:
        assert vault.count(NAME) == known
        assert numbers(vault, NAME, "李四", "王五", "赵六") == [3, 4, 5]


def _filled(folder: Path) -> None:
    with Vault.open(folder, site_keyring(folder)) as vault:
        numbers(vault, NAME, "王伟", LONG)
        vault.reveal(NAME, [1], **WHY)


def _whole(folder: Path, expected: dict[int, str | None]) -> None:
    with Vault.open(folder, site_keyring(folder)) as vault:
        assert vault.reveal(NAME, [1, 2], **WHY) == expected
        vault.verify_log()


def _killed(program: str, folder: Path, point: str) -> None:
    setting = f"from pathlib import Path; FOLDER = Path({str(folder)!r})\n"
    environment = _environment() | {"XIEZHI_KILL_AT": point}
    done = subprocess.run([sys.executable, "-c", setting + program], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr


def _environment() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def _column(vault: Vault, tmp_path: Path, keyring: Keyring, column: str) -> bytes:
    vault.close()
    with DuckDB(tmp_path / "vault" / "vault.duckdb") as engine:
        return bytes(engine.value(f"SELECT {column} FROM party_id WHERE {column} IS NOT NULL"))


def test_a_second_opening_in_the_same_process_waits_its_turn(tmp_path: Path, keyring: Keyring) -> None:
    """Two threads of one process would share the file and write over each other's log."""
    first = Vault.open(tmp_path, keyring)
    with pytest.raises(RetryableError, match="XZ-VAULT-02"):
        Vault.open(tmp_path, keyring)
    first.close()
    with Vault.open(tmp_path, keyring):
        first.close()  # closing again does not give the file away
        with pytest.raises(RetryableError, match="XZ-VAULT-02"):
            Vault.open(tmp_path, keyring)
