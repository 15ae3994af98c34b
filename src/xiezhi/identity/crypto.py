"""The house's cryptography behind one protocol: AES-256 with SHA-256, or SM4 with SM3, both through `cryptography`.

Nothing here knows what is encrypted. A certified module of a site is one more class with these six methods.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import BlockCipherAlgorithm, Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xiezhi.kernel.errors import IntegrityError

Mode = TypeVar("Mode", bound=modes.Mode)

BLOCK = 16
"""Bytes of one block, of both ciphers."""

TAG = 16
"""Bytes of a GCM authentication tag."""


class Provider(Protocol):
    """A set of algorithms. Keys are whatever `derive` gives; callers never choose their length."""

    @property
    def name(self) -> str: ...

    def derive(self, master: bytes, purpose: str) -> bytes:
        """A key for one purpose (HKDF, RFC 5869): none of them tells anything of another or of the master."""
        ...

    def encrypt_blocks(self, key: bytes, blocks: bytes) -> bytes:
        """Each 16-byte block by itself (ECB)."""
        ...

    def decrypt_blocks(self, key: bytes, blocks: bytes) -> bytes: ...

    def mac(self, key: bytes, data: bytes) -> bytes:
        """32 bytes that only the key's holder can compute (HMAC, RFC 2104)."""
        ...

    def seal(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        """Encrypted and authenticated (GCM), 16 bytes longer. Never twice with the same key and nonce."""
        ...

    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        """What `seal` was given. Raises IntegrityError where key, context or any bit is another."""
        ...


@dataclass(frozen=True)
class SoftwareProvider:
    """Algorithms computed by OpenSSL in this process."""

    name: str
    cipher: type[BlockCipherAlgorithm]
    hash: type[hashes.HashAlgorithm]
    key_bytes: int

    def derive(self, master: bytes, purpose: str) -> bytes:
        return HKDF(self.hash(), self.key_bytes, salt=None, info=f"xiezhi/{purpose}/1".encode()).derive(master)

    def encrypt_blocks(self, key: bytes, blocks: bytes) -> bytes:
        encryptor = self._cipher(key, modes.ECB()).encryptor()
        return encryptor.update(blocks) + encryptor.finalize()

    def decrypt_blocks(self, key: bytes, blocks: bytes) -> bytes:
        decryptor = self._cipher(key, modes.ECB()).decryptor()
        return decryptor.update(blocks) + decryptor.finalize()

    def mac(self, key: bytes, data: bytes) -> bytes:
        code = hmac.HMAC(key, self.hash())
        code.update(data)
        return code.finalize()

    def seal(self, key: bytes, nonce: bytes, data: bytes, context: bytes) -> bytes:
        encryptor = self._cipher(key, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def unseal(self, key: bytes, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        if len(sealed) < TAG:
            raise altered()
        decryptor = self._cipher(key, modes.GCM(nonce, sealed[-TAG:])).decryptor()
        decryptor.authenticate_additional_data(context)
        try:
            return decryptor.update(sealed[:-TAG]) + decryptor.finalize()
        except InvalidTag:
            raise altered() from None

    def _cipher(self, key: bytes, mode: Mode) -> Cipher[Mode]:
        return Cipher(self.cipher(key), mode)  # type: ignore[call-arg]


INTERNATIONAL = SoftwareProvider("AES-256/SHA-256", algorithms.AES, hashes.SHA256, 32)
NATIONAL = SoftwareProvider("SM4/SM3", algorithms.SM4, hashes.SM3, 16)
"""GB/T 32907-2016 and GB/T 32905-2016. Software only: a certified module is what an assessment asks for."""

PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (INTERNATIONAL, NATIONAL)}


def altered() -> IntegrityError:
    """Sealed data did not open."""
    return IntegrityError(
        "XZ-VAULT-04",
        zh="密封的数据无法打开:密钥不对,或内容被改动、截断。",
        en="Sealed data does not open: the key is another, or the content was altered or cut off.",
        todo_zh="核对密钥文件;若密钥无误,从备份恢复该文件。",
        todo_en="Check the key file; if it is the right one, restore the file from a backup.",
    )
