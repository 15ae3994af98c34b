"""The words the browser scripts say. Here, so that they are translated like every other; the page hands them over as JSON."""

from __future__ import annotations

from django.utils.translation import gettext as _


def browser_words() -> dict[str, str]:
    return {
        "failed": _("操作没有成功，请稍后再试；若一再发生，请告诉系统管理员"),
        "offline": _("连不上服务器，请检查网络后再试"),
        "forbidden": _("您没有进行此操作的权限"),
        "signedOut": _("登录已失效，请重新登录"),
        "conflict": _("内容已被他人改动，请刷新页面后再试"),
        "tooMany": _("操作过于频繁，请稍后再试"),
        "copied": _("已复制"),
        "close": _("关闭"),
        "noData": _("没有数据"),
        "chartFailed": _("图形未能显示，请看下面的数据表"),
        "reference": _("请求编号"),
        "picked": _("已选 {n} 项"),
    }
