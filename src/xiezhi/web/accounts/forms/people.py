"""Forms of the administrators' screens, and of one's own recusals."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xiezhi.kernel import clock
from xiezhi.web.accounts import queries
from xiezhi.web.accounts.forms.setup import USERNAME, PersonName, StaffNumber, Username
from xiezhi.web.accounts.forms.units import UnitField
from xiezhi.web.accounts.gateway import CITIZEN, COMPANY, is_sound
from xiezhi.web.accounts.models import Unit, UnitKind, User
from xiezhi.web.accounts.roles import ROLES, Duty, RoleCode
from xiezhi.web.accounts.words import AUTHORITIES, DUTIES, KINDS, LABELS, RELATIONS
from xiezhi.web.kit.reasons import ReasonField, ReasonForm
from xiezhi.web.language import localise
from xiezhi.web.lines import line_choices

Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
STATES = {"": _("全部"), "active": _("可用"), "disabled": _("已停用"), "expired": _("已到期"), "waiting": _("无岗位")}


class AccountFilter(forms.Form):
    q = forms.CharField(label=_("搜索"), required=False, widget=forms.TextInput(attrs={"placeholder": _("姓名、用户名、工号")}))
    state = forms.ChoiceField(label=_("状态"), required=False, choices=list(STATES.items()))
    duty = forms.ChoiceField(
        label=_("职责"), required=False, choices=[("", _("全部")), *((duty.value, word) for duty, word in DUTIES.items())]
    )

    def narrow(self, accounts: Any) -> Any:
        """The accounts that were asked for. What cannot be understood does not narrow."""
        asked = self.cleaned_data if self.is_valid() else {}
        today = clock.today()
        if words := asked.get("q", "").strip():
            accounts = accounts.filter(
                Q(display_name__icontains=words) | Q(username__icontains=words) | Q(staff_number__icontains=words)
            )
        if duty := asked.get("duty"):
            accounts = accounts.filter(duty=duty)
        # NOT of a comparison with NULL is NULL: "still valid" has to be said in full.
        valid = Q(expires_on__isnull=True) | Q(expires_on__gt=today)
        narrowing = {
            "active": Q(is_active=True) & valid,
            "disabled": Q(is_active=False),
            "expired": Q(expires_on__lte=today),
            "waiting": Q(holds_post=False),
        }
        return accounts.filter(narrowing.get(asked.get("state", ""), Q()))


class AccountForm(forms.Form):
    display_name = PersonName()
    staff_number = StaffNumber(help_text=_("同一个人只能有一个账号。"))
    username = Username(label=_("用户名"), max_length=64, validators=[USERNAME])
    duty = forms.ChoiceField(
        label=_("职责"),
        choices=[(duty.value, word) for duty, word in DUTIES.items()],
        help_text=_("一个账号只担一种职责，以后不能改。"),
    )
    expires_on = forms.DateField(label=_("到期日"), required=False, widget=Day, help_text=_("从这一天起不能再用；空着就是长期。"))

    def clean_username(self) -> str:
        return self._free("username", _("这个用户名已有账号。"))

    def clean_staff_number(self) -> str:
        return self._free("staff_number", _("这个工号已有账号。"))

    def clean_expires_on(self) -> date | None:
        return _later(self.cleaned_data["expires_on"])

    def _free(self, name: str, words: Any) -> str:
        value = str(self.cleaned_data[name])
        if User.objects.filter(**{name: value}).exists():
            raise ValidationError(words)
        return value

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "duty": Duty(self.cleaned_data["duty"])}


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=_("角色"), widget=forms.RadioSelect)
    unit = UnitField(label=_("单位"))
    title = forms.CharField(label=_("职务"), max_length=64, required=False)
    lines = forms.MultipleChoiceField(
        label=_("业务条线"),
        required=False,
        choices=line_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一项不选就是全部。"),
    )
    cadre_authority = forms.TypedChoiceField(
        label=_("干部管理权限"),
        coerce=int,
        choices=list(AUTHORITIES.items()),
        initial=0,
        help_text=_("能看到的对象最高由哪一级管理。"),
    )
    starts_on = forms.DateField(label=_("开始日"), widget=Day)
    ends_on = forms.DateField(label=_("结束日"), required=False, widget=Day, help_text=_("从这一天起不再任职；空着就是长期。"))
    why = ReasonField(label=_("依据或理由"), widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role for role in ROLES.values() if role.duty == user.duty]
        told = [
            (
                role.code.value,
                _("%(role)s：%(does)s") % {"role": localise(role.title), "does": localise(role.does)},
            )
            for role in roles
        ]
        self.fields["role"].choices = told  # type: ignore[attr-defined]
        self.fields["unit"].offered = queries.open_units()  # type: ignore[attr-defined]
        self.fields["starts_on"].initial = clock.today()

    def clean_starts_on(self) -> date:
        chosen: date = self.cleaned_data["starts_on"]
        if chosen < clock.today():
            raise ValidationError(_("岗位不能从过去开始。"))
        return chosen

    def clean(self) -> dict[str, Any] | None:
        given = super().clean() or {}
        begins, ends = given.get("starts_on"), given.get("ends_on")
        if begins and ends and ends <= begins:
            self.add_error("ends_on", _("结束日须晚于开始日。"))
        return given

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "role": RoleCode(self.cleaned_data["role"])}


class ClearanceForm(ReasonForm):
    clearance = forms.TypedChoiceField(label=_("密级许可"), coerce=int, choices=list(LABELS.items()))
    field_order = ("clearance", "why")


class UnitForm(forms.Form):
    parent = UnitField(label=_("上级单位"))
    kind = forms.ChoiceField(label=_("类别"), choices=[(kind.value, word) for kind, word in KINDS.items()])
    code = forms.SlugField(label=_("代码"), max_length=32, help_text=_("字母、数字、横线、下划线；以后不能改。"))
    name = forms.CharField(label=_("名称"), max_length=100)
    name_en = forms.CharField(label=_("英文名称"), max_length=200, required=False, help_text=_("英文界面用；空着就用中文名称。"))
    region = forms.CharField(
        label=_("统计用区划代码"), max_length=12, required=False, help_text=_("县区 6 位，乡镇 9 位，村 12 位。")
    )
    department = forms.SlugField(
        label=_("部门代号"), max_length=40, required=False, help_text=_("报送数据的部门在数据契约里的代号，例如 finance。")
    )
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].offered = queries.open_units()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if Unit.objects.filter(code=code).exists():
            raise ValidationError(_("这个代码已有单位。"))
        return code

    def clean_department(self) -> str:
        department = str(self.cleaned_data["department"])
        if department and Unit.objects.filter(department=department).exists():
            raise ValidationError(_("这个部门代号已有单位。"))
        return department

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "kind": UnitKind(self.cleaned_data["kind"])}


class OverseenForm(forms.Form):
    overseen = forms.ModelMultipleChoiceField(
        label=_("联系单位"), queryset=Unit.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    why = ReasonField(
        label=_("理由"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("提交后由安全保密管理员确认，确认后才生效。"),
    )

    def __init__(self, office: Unit, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = (UnitKind.OFFICE, UnitKind.STATIONED, UnitKind.COMMISSION)
        offered = queries.open_units().exclude(pk=office.pk).exclude(kind__in=ours)
        field: Any = self.fields["overseen"]
        field.queryset = offered.exclude(kind=UnitKind.VILLAGE)
        field.label_from_instance = _indented


def _indented(unit: Unit) -> str:
    """Its title under its parent's."""
    return f"{'　' * (unit.path.count('.') - 1)}{localise(unit.title)}"


class RecusalForm(forms.Form):
    """Several at once where they stand in the same relation: a line for each."""

    relation = forms.ChoiceField(label=_("关系"), choices=list(RELATIONS.items()))
    citizen_ids = forms.CharField(
        label=_("公民身份号码"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 2}),
        help_text=_(
            "每行一个。只用来找到编号，本系统的账号数据中不保存，也不再显示。其任职、持股的企业按已收到的数据一并回避；申报本人时，数据中登记的亲属也一并回避。"
        ),
    )
    credit_codes = forms.CharField(
        label=_("企业的统一社会信用代码"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"autocomplete": "off", "rows": 2}),
        help_text=_("每行一个。数据里没有登记、但您知道与上述人员有关的企业，请在此写明。"),
    )

    def clean_citizen_ids(self) -> list[str]:
        return _numbers(
            self.cleaned_data["citizen_ids"], CITIZEN, _("公民身份号码是 18 位（旧的 15 位），请核对：第 %(line)d 行。")
        )

    def clean_credit_codes(self) -> list[str]:
        return _numbers(self.cleaned_data["credit_codes"], COMPANY, _("统一社会信用代码是 18 位，请核对：第 %(line)d 行。"))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors and not given["citizen_ids"] and not given["credit_codes"]:
            raise ValidationError(_("至少写一个公民身份号码或统一社会信用代码。"))
        return given


class ReviewForm(ReasonForm):
    """What a review found."""

    why = ReasonField(label=_("复核结果"), widget=forms.Textarea(attrs={"rows": 3}))


class SightFile(forms.Form):
    format = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "Excel"), ("csv", "CSV")])


def _numbers(given: str, kind: str, wrong: Any) -> list[str]:
    """The numbers of the lines that hold one, each once."""
    lines = [(place, line.strip().upper()) for place, line in enumerate(given.splitlines(), start=1) if line.strip()]
    unsound = next((place for place, value in lines if not is_sound(kind, value)), None)
    if unsound is not None:
        raise ValidationError(wrong % {"line": unsound})
    return list(dict.fromkeys(value for _place, value in lines))


def _later(day: date | None) -> date | None:
    if day is not None and day <= clock.today():
        raise ValidationError(_("须晚于今天。"))
    return day
