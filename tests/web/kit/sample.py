"""A small site made of nothing but the kit, for the tests that need pages: `python -m tests.web.kit.sample PORT`.

It has no database and no accounts; what it serves is what a screen of the platform would be, with made-up figures.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django import forms
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.shortcuts import render
from django.urls import include, path

HERE = Path(__file__).parent
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "only for the sample pages of tests",
    "ALLOWED_HOSTS": ["127.0.0.1", "testserver"],
    "ROOT_URLCONF": "tests.web.kit.sample",
    "INSTALLED_APPS": ["xiezhi.web.kit", "django.contrib.staticfiles", "django_htmx", "django.forms"],
    "MIDDLEWARE": [
        "tests.web.kit.sample.strict",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [str(HERE / "sample_templates")],
            "OPTIONS": {
                "loaders": ["xiezhi.web.kit.layout.Loader", "django.template.loaders.app_directories.Loader"],
                "context_processors": ["django.template.context_processors.request", "xiezhi.web.kit.context.kit"],
            },
        }
    ],
    "FORM_RENDERER": "xiezhi.web.kit.forms.KitRenderer",
    "STATIC_URL": "/static/",
    "LANGUAGE_CODE": "zh-hans",
    "LANGUAGES": [("zh-hans", "简体中文"), ("en", "English")],
    "USE_I18N": True,
    "USE_TZ": True,
    "TIME_ZONE": "Asia/Shanghai",
    "KIT_URLS": {"home": "alerts", "language": "set_language", "sign_out": "set_language"},
    "DEBUG": False,
}


@dataclass
class Person:
    """Stands for a signed-in viewer who may do everything but audit."""

    user_id: int | None = 7
    display_name: str = "李文静"
    unit_name: str = "霁川市纪委监委第三监督检查室"

    def can(self, permission: object) -> bool:
        return permission != "trail.read"


@dataclass
class Alert:
    pk: int
    level: str
    title: str
    person: str
    unit: str
    amount: int
    at: datetime
    state: tuple[str, str]

    @property
    def number(self) -> str:
        return f"YJ-2026-{self.pk:05d}"


def strict(get_response: Any) -> Any:
    """Sets the viewer and the content security policy, as the platform does."""

    def answer(request: HttpRequest) -> HttpResponse:
        request.viewer = Person()  # type: ignore[attr-defined]
        request._dont_enforce_csrf_checks = False  # type: ignore[attr-defined]
        response: HttpResponse = get_response(request)
        response["Content-Security-Policy"] = POLICY
        return response

    return answer


TITLES = (
    "死亡人员仍在领取高龄津贴",
    "同一银行账户代领七人惠农补贴",
    "村干部近亲属承揽本村工程",
    "供应商与评审专家同一联系电话",
    "在校生与学生餐补贴人数不符",
    "住院期间同日在外地购药",
    "低保对象名下有经营主体",
)
UNITS = ("青石县民政局", "云岭镇人民政府", "白鹭区教育局", "霁川市医疗保障局", "柳溪镇石桥村村民委员会")
PEOPLE = ("王建国", "张秀英", "欧阳春兰", "刘洋", "陈志强", "赵敏")
STATES = (("待处置", "warn"), ("核查中", "info"), ("已转线索", "bad"), ("已办结", "good"), ("已驳回", "muted"))
LEVELS = ("red", "orange", "yellow", "blue")


def alerts() -> list[Alert]:
    start = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
    return [
        Alert(
            1840 - n,
            LEVELS[(n * n + n // 3) % 4],
            TITLES[n % 7],
            PEOPLE[n % 6],
            UNITS[n % 5],
            (n * 7919 % 991 + 12) * 10350,
            start - timedelta(hours=7 * n),
            STATES[n * 3 % 5],
        )
        for n in range(236)
    ]


class AlertFilter(forms.Form):
    q = forms.CharField(
        label="搜索", required=False, widget=forms.TextInput(attrs={"type": "search", "placeholder": "编号、对象、单位"})
    )
    level = forms.ChoiceField(
        label="级别", required=False, choices=[("", "全部"), ("red", "红"), ("orange", "橙"), ("yellow", "黄"), ("blue", "蓝")]
    )
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *[(word, word) for word, _tone in STATES]])
    unit = forms.ChoiceField(label="单位", required=False, choices=[("", "全部"), *[(unit, unit) for unit in UNITS]])
    since = forms.DateField(label="起始日", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="截止日", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class Dismissal(forms.Form):
    kind = forms.ChoiceField(
        label="驳回类型", choices=[("look-alike", "情况属实但合规"), ("data", "数据有误")], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="理由", widget=forms.Textarea, min_length=10, help_text="至少 10 个字。理由会反馈给模型维护人员。"
    )
    told = forms.BooleanField(label="已与报送单位核对")


class Rows:
    """As much of a queryset as the paging asks for."""

    def __init__(self, rows: list[Alert]) -> None:
        self.rows = rows

    def order_by(self, *keys: str) -> Rows:
        key = keys[0].lstrip("-") if keys else ""
        return Rows(sorted(self.rows, key=lambda row: getattr(row, key), reverse=keys[0].startswith("-")) if key else self.rows)

    def __getitem__(self, part: slice) -> Any:
        return Rows(self.rows[part])

    def __iter__(self) -> Any:
        return iter(self.rows)

    def count(self) -> int:
        return len(self.rows)


def alert_list(request: HttpRequest) -> HttpResponse:
    from xiezhi.web.kit.listing import Column, listing_of
    from xiezhi.web.kit.rendering import page_or_part

    columns = (
        Column("number", "编号", frozen=True),
        Column("level", "级别", sort="level"),
        Column("title", "预警内容"),
        Column("person", "对象", optional=True),
        Column("unit", "单位", sort="unit", optional=True),
        Column("amount", "涉及金额（元）", sort="amount", end=True),
        Column("at", "产生时间", sort="at"),
        Column("state", "状态"),
        Column("actions", "操作", end=True),
    )
    chosen = [
        row for row in alerts() if request.GET.get("level", "") in ("", row.level) and request.GET.get("q", "") in row.title
    ]
    listing = listing_of(Rows(chosen), request.GET, columns, default="-at", tie="pk")  # type: ignore[type-var, arg-type]
    counts = [{"level": level, "count": sum(row.level == level for row in alerts())} for level in LEVELS]
    return page_or_part(
        request, "list.html", "_list.html", {"listing": listing, "filters": AlertFilter(request.GET or None), "counts": counts}
    )


def overview(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "overview.html",
        {"charts": charts(), "relations": relations(), "events": events(), "steps": STEPS, "job": JOB, "tabs": TABS},
    )


def alert_part(request: HttpRequest) -> HttpResponse:
    return render(
        request, "_alert.html", {"alert": alerts()[1], "events": events(), "relations": relations(), "full_url": "/overview/"}
    )


def dismiss(request: HttpRequest) -> HttpResponse:
    form = Dismissal(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = '{"closePanels": "", "say": {"text": "\\u5df2\\u9a73\\u56de", "tone": "good"}}'
        return HttpResponse(status=204, headers={"HX-Trigger": said})
    context = {
        "title": "驳回预警",
        "text": "驳回后预警关闭，理由会进入审计记录。",
        "url": "/dismiss/",
        "form": form,
        "submit": "驳回",
        "danger": True,
    }
    return render(request, "kit/confirm.html", context, status=422 if request.method == "POST" else 200)


def whole_form(request: HttpRequest) -> HttpResponse:
    form = Dismissal(request.POST or None)
    return render(request, "form.html", {"form": form}, status=422 if request.method == "POST" else 200)


def job_part(request: HttpRequest) -> HttpResponse:
    return render(request, "kit/progress.html", {"job": {**JOB, "finished": True, "share": 100}, "url": ""})


def refuse(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=409)


def failure(request: HttpRequest, code: str) -> HttpResponse:
    return render(request, f"{code}.html", {"exception": "需要“预警驳回”权限。" if code == "403" else ""})


def paper(request: HttpRequest) -> HttpResponse:
    return render(request, "paper.html", {"rows": alerts()[:12]})


TABS = [
    {"label": "基本信息", "url": "/overview/", "here": True, "count": None},
    {"label": "证据", "url": "/overview/", "here": False, "count": 8},
    {"label": "流转记录", "url": "/overview/", "here": False, "count": 4},
]
STEPS = [
    {"label": "产生预警", "state": "done", "note": "11-18 03:12"},
    {"label": "研判", "state": "done", "note": "11-18 16:40"},
    {"label": "核查", "state": "here", "note": "限 12-08"},
    {"label": "处置", "state": "", "note": ""},
    {"label": "办结", "state": "", "note": ""},
]
JOB = {"title": "数据碰撞", "share": 64, "note": "23 个模型中的 15 个", "finished": False, "failed": False}


def events() -> list[dict[str, Any]]:
    at = datetime(2026, 11, 21, 9, 2, tzinfo=UTC)
    return [
        {
            "what": "退回补充材料",
            "at": at,
            "by": "周海峰 · 第三监督检查室",
            "why": "发放表缺第二页，请补齐后重新上报。",
            "icon": "undo",
            "tone": "warn",
        },
        {
            "what": "提交核查结果",
            "at": at - timedelta(days=1),
            "by": "马丽 · 青石县民政局",
            "why": "",
            "icon": "send",
            "tone": "",
        },
        {
            "what": "转交核查",
            "at": at - timedelta(days=3),
            "by": "李文静 · 第三监督检查室",
            "why": "",
            "icon": "arrow-right",
            "tone": "",
        },
        {
            "what": "产生预警",
            "at": at - timedelta(days=4),
            "by": "死亡人员领取补贴模型 v3",
            "why": "",
            "icon": "alert",
            "tone": "bad",
        },
    ]


def charts() -> dict[str, Any]:
    from xiezhi.web.kit.charts import Chart, Node, Series

    months = [f"2026-{month:02d}" for month in range(1, 12)]
    days = [(datetime(2026, 8, 1, tzinfo=UTC) + timedelta(days=n)).date().isoformat() for n in range(112)]
    wave = lambda n, k: (n * k * 37) % 29 + 6  # noqa: E731
    levels = [("红", "red", 3), ("橙", "orange", 5), ("黄", "yellow", 7), ("蓝", "blue", 11)]
    tree = Node(
        "霁川市",
        236,
        [
            Node("青石县", 96, [Node("民政局", 41, level="red"), Node("云岭镇", 32), Node("柳溪镇", 23)]),
            Node("白鹭区", 88, [Node("教育局", 52, level="orange"), Node("卫健局", 36)]),
            Node("市直单位", 52, [Node("医保局", 52, level="yellow")]),
        ],
    )
    made = {
        "stack": Chart(
            "stack",
            "各月预警数量，按级别",
            months,
            [Series(w, [wave(n, k) for n in range(11)], level) for w, level, k in levels],
            "件",
            heading="月份",
        ),
        "line": Chart(
            "line",
            "预警产生与办结",
            months,
            [Series("产生", [wave(n, 13) + 20 for n in range(11)]), Series("办结", [wave(n, 17) + 8 for n in range(11)])],
            "件",
            heading="月份",
        ),
        "hbar": Chart(
            "hbar",
            "预警最多的单位",
            UNITS,
            [Series("预警", [52, 41, 36, 32, 23], links=["/overview/"] * 5)],
            "件",
            heading="单位",
        ),
        "bar": Chart(
            "bar",
            "各领域涉及金额",
            ["惠农", "低保", "医保", "校园餐", "工程"],
            [Series("金额", [182, 96, 240, 58, 133])],
            "万元",
            heading="领域",
        ),
        "pie": Chart(
            "pie",
            "预警级别构成",
            ["红", "橙", "黄", "蓝"],
            [Series("预警", [38, 61, 74, 63])],
            "件",
            levels=LEVELS,
            heading="级别",
        ),
        "heat": Chart(
            "heat",
            "各单位各模型的预警",
            ["补贴", "低保", "医保", "学校", "工程", "采购"],
            [Series(unit, [wave(n, at + 2) for n in range(6)]) for at, unit in enumerate(UNITS)],
            "件",
            heading="模型",
        ),
        "calendar": Chart(
            "calendar", "每日接收的文件", days, [Series("文件", [wave(n, 5) for n in range(112)])], "个", heading="日期"
        ),
        "gauge": Chart("gauge", "按期办结率", ["按期办结率"], [Series("按期办结率", [87.5])], "%", heading="指标"),
        "tree": Chart("tree", "预警分布", root=tree, unit="件", heading="单位", tall=True),
        "none": Chart("bar", "没有数据时", [], [], "件", heading="月份"),
    }
    return {f"{name}_chart": chart for name, chart in made.items()}


def relations() -> dict[str, Any]:
    return {
        "nodes": [
            {"id": "p1", "label": "王**", "kind": "person", "main": True, "level": "red"},
            {"id": "p2", "label": "王*", "kind": "person"},
            {"id": "c1", "label": "青石县恒通\n建筑工程公司", "kind": "company"},
            {"id": "u1", "label": "石桥村村委会", "kind": "unit", "url": "/overview/"},
            {"id": "a1", "label": "账户 ****6217", "kind": "account"},
            {"id": "f1", "label": "电话 139****0021", "kind": "phone"},
        ],
        "edges": [
            {"source": "p1", "target": "p2", "label": "父子"},
            {"source": "p2", "target": "c1", "label": "法定代表人", "strength": 2},
            {"source": "c1", "target": "u1", "label": "承揽工程 3 项", "strength": 3},
            {"source": "p1", "target": "u1", "label": "任村主任"},
            {"source": "p2", "target": "a1", "label": "持有"},
            {"source": "c1", "target": "f1", "label": "联系电话"},
            {"source": "p1", "target": "f1", "label": "联系电话"},
        ],
    }


urlpatterns = [
    path("", alert_list, name="alerts"),
    path("overview/", overview, name="overview"),
    path("alert/", alert_part, name="alert"),
    path("dismiss/", dismiss, name="dismiss"),
    path("form/", whole_form, name="form"),
    path("job/", job_part, name="job"),
    path("refuse/", refuse, name="refuse"),
    path("paper/", paper, name="paper"),
    path("failure/<str:code>/", failure, name="failure"),
    path("i18n/", include("django.conf.urls.i18n")),
]


def set_up() -> None:
    """Configure Django for the sample unless somebody has, and give the navigation its entries."""
    if not settings.configured:
        settings.configure(**SETTINGS)
    django.setup()
    register_entries()


def register_entries() -> None:
    from xiezhi.web.kit.navigation import Entry, Group, register

    register(
        Entry("工作台", "overview", "home", None, Group.WORK, 10),
        Entry("预警", "alerts", "alert", "alert.read", Group.WORK, 20),
        Entry("数据接收", "form", "inbox", "delivery.read", Group.DATA, 10),
        Entry("监督模型", "paper", "rule", "rule.read", Group.MODELS, 10),
        Entry("审计记录", "dismiss", "history", "trail.read", Group.OVERSIGHT, 10),
    )


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_words: object) -> None: ...


def serve(port: int) -> None:
    from django.contrib.staticfiles.handlers import StaticFilesHandler

    set_up()
    QueryDict()
    application = StaticFilesHandler(get_wsgi_application())
    server = make_server("127.0.0.1", port, application, server_class=Threaded, handler_class=Quiet)
    print(server.server_port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.modules["tests.web.kit.sample"] = sys.modules["__main__"]
    serve(int(sys.argv[1]))
