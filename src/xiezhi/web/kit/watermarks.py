"""The watermark: who looks, from which unit, when, and that it is a demonstration.

An image, so that it needs no inline style and is no text to stumble over.
"""

from __future__ import annotations

import base64
from html import escape

from django.conf import settings
from django.utils.translation import gettext as _

from xiezhi.kernel import clock
from xiezhi.web.kit import display

# Repeated by the pattern; wide enough for a name, a unit and a minute beside each other at this slant.
TILE = """<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="100%"><defs><pattern id="w" width="340" height="210" \
patternUnits="userSpaceOnUse" patternTransform="rotate(-20)"><g font-family="sans-serif" fill="#808080" fill-opacity=".13">\
<text x="12" y="60" font-size="15">{who}</text><text x="12" y="82" font-size="12">{when}</text></g></pattern></defs>\
<rect width="100%" height="100%" fill="url(#w)"/></svg>"""


def picture(name: str, unit: str) -> str:
    """A `data:` address of the picture."""
    when = display.moment(clock.now())
    if getattr(settings, "XIEZHI_DEMO", False):
        # On paper nothing else says it: whoever finds the sheet must not take invented people for real ones.
        when += " · " + _("演示数据，均为虚构")
    drawing = TILE.format(who=escape(f"{name} {unit}".strip()), when=escape(when))
    return "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
