"""What looking at the trail writes into the trail."""

from xiezhi.web.audit.kinds import declare

_LOOK = {
    "page": ("页面", "Page"),
    "filter": ("条件", "Filter"),
    "since": ("起", "From"),
    "until": ("止", "To"),
    "who": ("人员", "Person"),
    "thing": ("对象", "Object"),
    "ip": ("来源地址", "Address"),
    "kind": ("操作", "Act"),
    "outcome": ("结果", "Outcome"),
}
_VERDICT = {
    "links": ("已验证环数", "Links verified"),
    "checkpoints": ("检查点", "Checkpoints"),
    "signed": ("签署至", "Signed up to"),
    "waiting": ("待封存", "Waiting"),
    "sound": ("完好", "Sound"),
    "faults": ("不符之处", "Faults"),
    "faults_en": ("不符之处（英文）", "Faults (English)"),
    "count": ("不符数", "Number of faults"),
}

LOOKED = declare("trail.looked_at", zh="查看审计记录", en="Looked at the trail", fields=_LOOK)
TAKEN = declare("trail.list_exported", zh="导出审计记录清单", en="Exported a list of the trail", fields=_LOOK)
VERIFIED = declare("trail.verified", zh="验证审计链", en="Verified the trail", fields=_VERDICT)
PRINTED = declare("trail.checkpoint_printed", zh="打印审计检查点", en="Printed a checkpoint")
FETCHED = declare("trail.export_fetched", zh="下载审计链导出文件", en="Fetched an export of the trail")
