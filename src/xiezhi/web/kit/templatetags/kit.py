"""`{% load kit %}`: the words every template writes with. Each tag gives finished, escaped HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BoundField
from django.template import Context
from django.template.loader import get_template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from xiezhi.kernel.level import Level
from xiezhi.web.kit import display, filters, forms, masking, slots, watermarks
from xiezhi.web.kit.charts import Chart
from xiezhi.web.kit.levels import ALERTS, LEVELS
from xiezhi.web.kit.listing import Column, Listing, address
from xiezhi.web.kit.paging import Page
from xiezhi.web.language import page_language

register = template.Library()

SPRITE = Path(__file__).parent.parent / "static" / "kit" / "icons.svg"


@lru_cache
def icon_names() -> frozenset[str]:
    return frozenset(part.split('"', 1)[0] for part in SPRITE.read_text().split('<symbol id="')[1:])


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A picture of our own sprite. Without a label it is decoration, and silent to a screen reader."""
    if name not in icon_names():
        raise template.TemplateSyntaxError(f"no icon {name!r} in static/kit/icons.svg")
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    href = f"{static('kit/icons.svg')}#{name}"
    return format_html('<svg class="icon{}" {} focusable="false"><use href="{}"/></svg>', f" {css}" if css else "", spoken, href)


@register.simple_tag
def level(value: str, short: bool = False) -> SafeString:
    """A level as colour, shape and word. `short` for dense tables: 红 / Red."""
    known = Level(value)
    word = LEVELS[known] if short else ALERTS[known]
    return format_html('<span class="level level-{}">{}{}</span>', known.value, icon(f"level-{known.value}"), word)


@register.simple_tag
def state(word: str | Promise, tone: str = "neutral") -> SafeString:
    """A state as a badge. Tones: neutral, info, good, warn, bad, muted."""
    return format_html('<span class="state state-{}">{}</span>', tone, word)


@register.simple_tag
def money(fen: int | None, unit: bool = False) -> SafeString:
    """Whole fen as yuan. In a table give the cell class `end`."""
    shown = format_html('<span class="figure">{}</span>', display.money(fen))
    return format_html('{} <span class="unit">{}</span>', shown, _("元")) if unit and fen is not None else shown


@register.simple_tag
def number(value: float | int | None) -> SafeString:
    return format_html('<span class="figure">{}</span>', display.number(value))


@register.simple_tag
def day(value: date | datetime | None) -> SafeString:
    return _time(value, display.day(value))


@register.simple_tag
def moment(value: datetime | None, seconds: bool = False) -> SafeString:
    return _time(value, display.moment(value, seconds=seconds))


def _time(value: date | datetime | None, shown: str) -> SafeString:
    if value is None:
        return format_html('<span class="none">{}</span>', shown)
    return format_html('<time class="figure" datetime="{}">{}</time>', value.isoformat(), shown)


@register.filter
def size(octets: int | None) -> str:
    return display.size(octets)


@register.filter
def actor(username: str) -> str:
    """A user name; the platform's own are all "the system"."""
    return display.actor(username)


@register.filter
def grouped(value: int | None) -> str:
    """A number inside a sentence, as `{% number %}` writes it alone: 22,612."""
    return display.number(value)


@register.filter
def lasting(seconds: float | None) -> str:
    return display.lasting(seconds)


@register.filter
def words(value: Any) -> str:
    """A text of the content (`Words`, or a mapping with zh and en) in the language of the page."""
    key = page_language()
    return str(value.get(key, "") if isinstance(value, Mapping) else getattr(value, key, value or ""))


@register.simple_tag
def masked(value: object, kind: str) -> SafeString:
    shown = masking.masked(value, kind)
    if not shown:
        return format_html('<span class="none">{}</span>', display.DASH)
    return format_html('<span class="masked" title="{}">{}</span>', _("已遮盖"), shown)


@register.filter
def permits(viewer: Any, permission: str) -> bool:
    """`{% if viewer|permits:"alert.dismiss" %}`: only hides what the action would refuse anyway."""
    return bool(viewer.can(permission))


@register.simple_block_tag
def panel(content: SafeString, title: str | Promise, css: str = "", id: str = "", body: bool = True) -> SafeString:  # noqa: A002 - as in HTML
    """A section with its heading. `body=False` where a table or a form of its own reaches to the edge."""
    named = format_html(' id="{}"', id) if id else ""
    inner = format_html('<div class="panel-body">{}</div>', content) if body else content
    head = format_html('<div class="panel-head"><h2>{}</h2></div>', title)
    return format_html('<section class="panel{}"{}>{}{}</section>', f" {css}" if css else "", named, head, inner)


@register.simple_block_tag
def table(content: SafeString, label: str | Promise, css: str = "", tall: bool = False) -> SafeString:
    """A table in the frame that scrolls. `css`: `cards` (each row a card on a phone), `compact`. `tall`: the head stays."""
    inner = format_html('<table class="table-list{}">{}</table>', f" {css}" if css else "", content)
    frame = '<div class="table-frame{}" tabindex="0" role="region" aria-label="{}">{}</div>'
    return format_html(frame, " tall" if tall else "", label, inner)


@register.simple_block_tag
def fact(content: SafeString, name: str | Promise) -> SafeString:
    """One line of a `<dl class="facts">`. Facts that a view has as pairs: `kit/facts.html`."""
    return format_html("<div><dt>{}</dt><dd>{}</dd></div>", name, content)


@register.simple_tag
def dialog_button(
    label: str | Promise, view: str, *args: Any, icon_name: str = "", css: str = "btn-plain", include: str = ""
) -> SafeString:
    """A button that opens the form of `view` over the page. `include`: the fields that go with the request."""
    also = format_html(' hx-include="{}"', include) if include else ""
    return format_html(
        '<button type="button" class="btn {}" hx-get="{}"{} hx-target="#modal-content">{}{}</button>',
        css,
        reverse(view, args=args),
        also,
        icon(icon_name) if icon_name else "",
        label,
    )


@register.simple_tag
def empty_state(text: str, action_url: str = "", action_text: str = "", icon_name: str = "inbox") -> str:
    """What stands where a list would be: what it means that there is nothing, and what to do next."""
    shown = {"text": text, "action_url": action_url, "action_text": action_text, "icon_name": icon_name}
    return get_template("kit/empty.html").render(shown)


@register.simple_tag(takes_context=True)
def pager(context: Context, page: Page[Any] | Listing[Any]) -> str:
    """Previous, next, numbers, size and total, each as a plain address."""
    query = page.query if isinstance(page, Listing) else context["request"].GET
    inner = page.page if isinstance(page, Listing) else page

    def to(**changes: str) -> str:
        return address(query, changes)

    numbers = [{"number": n, "url": to(page=str(n)), "here": n == inner.number} for n in inner.nearby] if inner.number else []
    return get_template("kit/pager.html").render(
        {
            "page": inner,
            "numbers": numbers,
            "previous": to(**inner.previous) if inner.previous else "",
            "next": to(**inner.next) if inner.next else "",
            "sizes": [{"size": size, "url": to(size=str(size)), "here": size == inner.size} for size in inner.sizes],
            "kept": [(key, value) for key, values in query.lists() if key not in ("page", "after", "before") for value in values],
        }
    )


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, field: str, label: str | Promise, end: bool = False, css: str = "", current: str = ""
) -> SafeString:
    """A `<th>` that sorts. Says its direction by arrow and `aria-sort`; the first click on a new column sorts downwards."""
    query = context["request"].GET
    now = current or query.get("sort", "")
    way = "ascending" if now == field else "descending" if now == f"-{field}" else "none"
    url = address(query, {"sort": field if now == f"-{field}" else f"-{field}"})
    picture = {"ascending": "sort-up", "descending": "sort-down", "none": "sort"}[way]
    classes = " ".join(filter(None, ["sortable", "end" if end else "", css]))
    return format_html(
        '<th scope="col" class="{}" aria-sort="{}" data-column="{}"><a href="{}">{}{}</a></th>',
        classes,
        way,
        field,
        url,
        label,
        icon(picture),
    )


@register.simple_tag(takes_context=True)
def heads(context: Context, listing: Listing[Any]) -> SafeString:
    """All `<th>` of a listing."""
    return format_html_join("", "{}", ((_head(context, column, listing.sort),) for column in listing.columns))


def _head(context: Context, column: Column, sort: str) -> SafeString:
    css = " ".join(
        filter(
            None,
            [
                "frozen" if column.frozen else "",
                "optional" if column.optional else "",
                "actions" if column.key == "actions" else "",
            ],
        )
    )
    if column.sort:
        return sort_header(context, column.key, column.label, end=column.end, css=css, current=sort)
    classes = " ".join(filter(None, ["end" if column.end else "", css]))
    return format_html('<th scope="col" class="{}" data-column="{}">{}</th>', classes, column.key, column.label)


@register.simple_tag
def chart(drawn: Chart, id: str, table: bool = False) -> str:  # noqa: A002 - as in HTML
    """A chart with its figures as JSON for the browser and as a table for everybody."""
    return get_template("kit/chart.html").render({"chart": drawn, "data": drawn.as_json(), "id": id, "open": table})


@register.simple_tag
def graph(data: Mapping[str, Any], id: str, label: str) -> str:  # noqa: A002 - as in HTML
    """A relation picture: `{"nodes": [{id, label, kind, level?, url?}], "edges": [{source, target, label, strength?}]}`.

    Beneath it stands the same as a list of sentences, and how many nodes are not drawn where there is a "left_out".
    """
    names = {node["id"]: node["label"] for node in data["nodes"]}
    relations = [(names[edge["source"]], edge.get("label", ""), names[edge["target"]]) for edge in data["edges"]]
    return get_template("kit/graph.html").render({"data": data, "id": id, "label": label, "relations": relations})


@register.simple_tag
def progress(job: Any, url: str = "") -> str:
    """A bar that asks `url` for itself again until `job.finished`. See `kit/progress.html` for what a job must have."""
    return get_template("kit/progress.html").render({"job": job, "url": url})


@register.simple_tag
def field(bound: BoundField, css: str = "", show_label: bool = True) -> str:
    """One field of a form: label, control, help and errors, tied together for screen readers."""
    return get_template("kit/field.html").render(forms.field_context(bound, css=css, show_label=show_label))


@register.simple_tag
def error_summary(form: Any) -> str:
    """What has to be mended, at the top, each line leading to its field."""
    return get_template("kit/error_summary.html").render({"form": form, "errors": forms.errors_of(form)})


@register.simple_tag
def form_fields(form: Any) -> SafeString:
    """Error summary, hidden fields and every visible field of a form."""
    parts = [
        error_summary(form),
        *(str(hidden) for hidden in form.hidden_fields()),
        *(field(one) for one in form.visible_fields()),
    ]
    return mark_safe("".join(parts))


@register.simple_tag(takes_context=True)
def filter_bar(context: Context, form: Any, first: int = 3, target: str = "", keep: str = "sort size") -> str:
    """A search form in one line; fields after the `first` few stand behind "more". `target`: the part htmx replaces, "#list"."""
    request, shown = _apart(context)
    shown |= {**filters.bar(form, request.GET, first=first, keep=keep.split()), "target": target, "action": request.path}
    return get_template("kit/filter_bar.html").render(shown, request)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str) -> SafeString:
    """What upper apps put here; nothing if none did."""
    request, shown = _apart(context)
    return mark_safe("".join(get_template(one).render(shown, request) for one in slots.templates_of(slots.Slot(name))))


def _apart(context: Context) -> tuple[Any, dict[str, Any]]:
    """The request, and the rest of the context, as a template's `render` takes them."""
    shown: dict[str, Any] = {str(key): value for key, value in context.flatten().items()}
    return shown.pop("request", None), shown


@register.simple_tag(takes_context=True)
def watermark(context: Context) -> SafeString:
    """Name, unit and time over the whole page, on the screen and on paper. Nothing before sign-in."""
    viewer: Any = context.get("viewer")
    if not getattr(viewer, "user_id", None):
        return mark_safe("")
    picture = watermarks.picture(viewer.display_name, viewer.unit_name)
    return format_html('<img class="watermark" src="{}" alt="" aria-hidden="true">', picture)


@register.simple_tag
def copy_button(value: str, label: str = "") -> SafeString:
    """Copies `value`. For numbers and codes one has to give to somebody; never for what is masked."""
    said = label or _("复制")
    return format_html(
        '<button type="button" class="btn btn-icon copy" data-copy="{}" title="{}" aria-label="{}">{}</button>',
        value,
        said,
        said,
        icon("copy"),
    )


@register.filter
def json_attribute(value: Any) -> str:
    """For a `data-` attribute; Django escapes the quotes."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
