"""One model a file. Truth that must hold whatever the code does is a constraint here."""

from xiezhi.web.accounts.models.factor_reset import FactorReset
from xiezhi.web.accounts.models.oversight import Oversight
from xiezhi.web.accounts.models.password import PastPassword
from xiezhi.web.accounts.models.post import Post
from xiezhi.web.accounts.models.recusal import Recusal, RecusalTie
from xiezhi.web.accounts.models.session import SignedInSession
from xiezhi.web.accounts.models.sight_review import SightReview
from xiezhi.web.accounts.models.sign_in_link import SignInLink
from xiezhi.web.accounts.models.unit import Unit, UnitKind
from xiezhi.web.accounts.models.user import User, normal_staff_number, normal_username

__all__ = [
    "FactorReset",
    "Oversight",
    "PastPassword",
    "Post",
    "Recusal",
    "RecusalTie",
    "SightReview",
    "SignInLink",
    "SignedInSession",
    "Unit",
    "UnitKind",
    "User",
    "normal_staff_number",
    "normal_username",
]
