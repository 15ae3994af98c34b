"""One model a file. Truth that must hold whatever the code does is a constraint here."""

from xiezhi.web.accounts.models.password import PastPassword
from xiezhi.web.accounts.models.post import Post
from xiezhi.web.accounts.models.recusal import Recusal
from xiezhi.web.accounts.models.sign_in_link import SignInLink
from xiezhi.web.accounts.models.unit import Unit, UnitKind
from xiezhi.web.accounts.models.user import User

__all__ = ["PastPassword", "Post", "Recusal", "SignInLink", "Unit", "UnitKind", "User"]
