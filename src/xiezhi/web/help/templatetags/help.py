"""Where a page's help is."""

from __future__ import annotations

from django import template
from django.template import Context
from django.urls import reverse

from xiezhi.web.help.queries import topic_of

register = template.Library()


@register.simple_tag(takes_context=True)
def help_here(context: Context) -> str:
    """The address of the help for the page that is shown; "" where its route has none."""
    match = getattr(context.get("request"), "resolver_match", None)
    topic = topic_of(match.view_name) if match else None
    if topic is None:
        return ""
    return reverse("help:entry" if topic.entry else "help:topic", args=[topic.name])
