"""The first-run wizard: three steps on one page, checked together."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel.invisible import unseen
from xiezhi.web.accounts.actions.first_run import ADMINISTRATORS, Administrator, FirstUnit
from xiezhi.web.accounts.models import User, normal_staff_number, normal_username
from xiezhi.web.accounts.passwords import rules
from xiezhi.web.accounts.roles import ROLES, RoleCode

USERNAME = RegexValidator(r"^[a-z0-9][a-z0-9._-]{1,63}$", _("用户名用小写字母、数字、点、横线、下划线，2 至 64 个字符。"))


class Username(forms.CharField):
    """Small letters whatever the keyboard says."""

    def to_python(self, value: Any) -> str:
        return normal_username(super().to_python(value))


STAFF_NUMBER = RegexValidator(r"^[A-Z0-9\u4e00-\u9fff._/-]*$", _("工号只用汉字、字母、数字、点、横线、下划线。"))
"""Latin letters only: a Cyrillic one looks the same, and would make two accounts of one person."""


class StaffNumber(forms.CharField):
    """One spelling, however it is typed."""

    def __init__(self, **said: Any) -> None:
        super().__init__(label=_("工号"), max_length=32, validators=[STAFF_NUMBER], **said)

    def to_python(self, value: Any) -> str:
        return normal_staff_number(super().to_python(value) or "")


class PersonName(forms.CharField):
    """As people read it: what nobody sees would make one name look like another in the trail."""

    def __init__(self, **said: Any) -> None:
        super().__init__(label=_("姓名"), max_length=64, **said)

    def to_python(self, value: Any) -> str:
        name = super().to_python(value) or ""
        if any(map(unseen, name)):
            raise ValidationError(_("姓名里有看不见的字符，请重新输入。"))
        return name


class CityForm(forms.Form):
    name = forms.CharField(label=_("城市名称"), max_length=100, help_text=_("例如“崇和市”。"))
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False, help_text=_("英文界面用；空着就用中文名称。"))
    region = forms.CharField(label=_("行政区划代码"), validators=[RegexValidator(r"^\d{4}(\d{2})?$", _("4 位或 6 位数字。"))])
    commission = forms.CharField(label=_("机关名称"), max_length=100, help_text=_("例如“崇和市纪委监委”。"))
    commission_en = forms.CharField(label=_("机关英文名称"), max_length=200)

    def places(self) -> tuple[FirstUnit, str, FirstUnit]:
        said = self.cleaned_data
        region = said["region"]
        return (
            FirstUnit(region, said["name"], said["name_en"]),
            region,
            FirstUnit("commission", said["commission"], said["commission_en"]),
        )


class AdministratorForm(forms.Form):
    display_name = PersonName()
    staff_number = StaffNumber()
    username = Username(label=_("用户名"), max_length=64, validators=[USERNAME])
    password = forms.CharField(
        label=_("初始密码"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, role: RoleCode, data: Any = None) -> None:
        super().__init__(data, prefix=role.value)
        self.role = ROLES[role]
        self.fields["password"].help_text = format_html_join(" ", "{}", ((rule,) for rule in rules(first=True)))

    def clean(self) -> dict[str, Any] | None:
        said = super().clean()
        if said and said.get("password"):
            whose = User(
                username=said.get("username", ""),
                display_name=said.get("display_name", ""),
                staff_number=said.get("staff_number", ""),
            )
            try:
                validate_password(said["password"], whose)
            except ValidationError as weak:
                self.add_error("password", weak)
        return said

    def administrator(self) -> Administrator:
        said = self.cleaned_data
        return Administrator(self.role.code, said["username"], said["display_name"], said["staff_number"], said["password"])


class Setup:
    """The city and the three administrators; they must be three people."""

    def __init__(self, data: Any = None) -> None:
        self.city = CityForm(data)
        self.administrators = [AdministratorForm(role, data) for role in ADMINISTRATORS]

    @property
    def forms(self) -> list[forms.Form]:
        return [self.city, *self.administrators]

    def is_valid(self) -> bool:
        complete = [form.is_valid() for form in self.forms]  # every form, so that every error is shown
        if not all(complete):
            return False
        for name, said in (
            ("staff_number", _("三名管理员须是三个人：工号不能相同。")),
            ("username", _("三名管理员的用户名不能相同。")),
            ("password", _("三名管理员的初始密码不能相同。")),
        ):
            self._refuse_same(name, said)
        return all(form.is_valid() for form in self.forms)

    def _refuse_same(self, name: str, said: Any) -> None:
        seen: set[str] = set()
        for form in self.administrators:
            value = form.cleaned_data[name]
            if value in seen:
                form.add_error(name, said)
            seen.add(value)
