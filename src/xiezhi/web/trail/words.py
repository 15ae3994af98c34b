"""Roles and kinds of event as people call them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xiezhi.web.accounts.roles import ROLES
from xiezhi.web.audit.kinds import known
from xiezhi.web.language import page_language

OTHER_ROLES: Mapping[str, str | Promise] = {"system": _("系统"), "command": _("命令行")}
"""Who acts without being anybody."""

_ROLES = {code.value: role for code, role in ROLES.items()}


def role_word(code: str) -> str:
    """A role as people call it; the code where this version knows it no more."""
    if code in OTHER_ROLES:
        return str(OTHER_ROLES[code])
    role = _ROLES.get(code)
    return (role.zh if page_language() == "zh" else role.en) if role else code


def kind_word(code: str) -> str:
    kind = known(code)
    return kind.words.in_(page_language()) if kind else code
