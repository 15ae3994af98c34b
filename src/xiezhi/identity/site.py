"""Where a site keeps its vault and its key, and how the key is changed without a moment in which neither fits."""

from __future__ import annotations

from pathlib import Path

from xiezhi.identity.crypto import Provider
from xiezhi.identity.keyring import Keyring
from xiezhi.identity.vault import DATABASE, Vault, key_id_of
from xiezhi.kernel.durable import sync
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.faultpoints import declare, reach

KEY_MADE = declare("vault.new_key_made", "the next key lies beside the present one, the vault is still under the present one")


def key_path(folder: Path, key_file: Path | None = None) -> Path:
    """The site's key file: the one named, or `site.key` in the vault's folder."""
    return key_file or folder / "site.key"


def site_keyring(folder: Path, key_file: Path | None = None) -> Keyring:
    """The key of the vault in `folder`. Made on first use, unless a file was named: a named key must be there.

    Finishes or undoes a change of key that a crash interrupted.
    """
    path = key_path(folder, key_file)
    _finish_change(folder, path)
    if path.exists() or key_file or (folder / DATABASE).exists():
        return Keyring.load(path)
    try:
        return Keyring.generate(path)
    except UserError:  # another first use was quicker
        return Keyring.load(path)


def change_key(folder: Path, key_file: Path | None = None, *, actor: str, provider: Provider | None = None) -> tuple[str, str]:
    """Give the vault a new random key, with other algorithms if asked; returns the ids of the old and the new one.

    The new key is on the disk, beside the old one, before the vault is under it; it takes the old one's name after.
    """
    old = site_keyring(folder, key_file)
    path = key_path(folder, key_file)
    with Vault.open(folder, old) as vault:
        new = Keyring.generate(_next(path), provider or old.provider)
        reach(KEY_MADE)
        vault.rotate(new, actor=actor)
    _take_over(path)
    return old.key_id, new.key_id


def _finish_change(folder: Path, path: Path) -> None:
    following = _next(path)
    if not following.exists():
        return
    present = key_id_of(folder)
    if Keyring.load(following).key_id == present:
        _take_over(path)
    elif path.exists() and Keyring.load(path).key_id == present:
        following.unlink()
    else:
        raise UserError(
            "XZ-KEY-07",
            zh=f"{path} 与 {following} 都打不开保险库 {folder}。",
            en=f"Neither {path} nor {following} opens the vault {folder}.",
        )


def _take_over(path: Path) -> None:
    _next(path).replace(path)
    sync(path.parent)


def _next(path: Path) -> Path:
    return path.with_name(path.name + ".next")
