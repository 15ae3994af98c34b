"""Who may do what with which delivery, beyond holding the permission."""

from __future__ import annotations

from xiezhi.web.accounts.permissions import Permission
from xiezhi.web.accounts.viewer import Viewer
from xiezhi.web.deliveries.models import Delivery, Upload


def may_take_rows(viewer: Viewer, delivery: Delivery) -> bool:
    """The file of rows set aside holds personal data in clear: for whoever may deliver them again, and nobody else.

    That is the department's own contact (or its machine), and the analyst who delivers for every department.
    """
    return viewer.can(Permission.DELIVERY_UPLOAD) and viewer.scope.sees(path=delivery.unit_path)


def may_decide(viewer: Viewer, upload: Upload) -> bool:
    """Whether a file that was uploaded is sent or removed: its own unit decides, whoever of it is there; nobody else does.

    The analyst, who sees the files of every department, decides on those of the analyst's own unit.
    """
    return viewer.can(Permission.DELIVERY_UPLOAD) and viewer.unit_path == upload.unit_path and bool(viewer.unit_path)
