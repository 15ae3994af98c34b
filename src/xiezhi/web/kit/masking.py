"""What may be shown of a personal value to one who has not revealed it. The masks are the kernel's: the vault uses the same."""

from __future__ import annotations

from xiezhi.kernel.masking import MaskedKind, masked

__all__ = ["MaskedKind", "masked"]
