"""Routes of alerts."""

from __future__ import annotations

from django.urls import path

from xiezhi.web.alerts.views import acts, exports, lists, mismatches, one, own

app_name = "alerts"

NUMBER = "<str:number>/"

urlpatterns = [
    path("", lists.alert_list, name="list"),
    path("subjects/", lists.subject_list, name="subjects"),
    path("together/<str:move>/", acts.together, name="together"),
    path("views/save/", own.save, name="save_view"),
    path("views/<int:view_id>/remove/", own.remove, name="remove_view"),
    path("export/", exports.export, name="export"),
    path("export/<uuid:export_id>/", exports.download, name="download"),
    path("mismatches/", mismatches.mismatch_list, name="mismatches"),
    path("mismatches/replay/", mismatches.replay, name="replay_all"),
    path("mismatches/<uuid:mismatch_id>/", mismatches.handle, name="handle_mismatch"),
    path(NUMBER, one.alert, name="one"),
    path(NUMBER + "evidence/", one.evidence, name="evidence"),
    path(NUMBER + "why/", one.why, name="why"),
    path(NUMBER + "replay/", one.replay, name="replay"),
    path(NUMBER + "print/", one.printed, name="print"),
    path(NUMBER + "<str:move>/", acts.move, name="move"),
]
