"""What deliveries write into the trail."""

from xiezhi.web.audit.kinds import declare, name_object

UPLOADED = declare(
    "delivery.uploaded",
    zh="上传交付文件",
    en="Uploaded a delivery",
    fields={"files": ("文件数", "files"), "bytes": ("字节", "bytes"), "contract": ("数据集", "dataset")},
)
SENT = declare(
    "delivery.sent",
    zh="确认报送",
    en="Sent what was uploaded",
    fields={"files": ("文件数", "files"), "bytes": ("字节", "bytes")},
)
REMOVED = declare(
    "delivery.removed",
    zh="移除上传的文件",
    en="Removed an uploaded file",
    fields={"bytes": ("字节", "bytes"), "was": ("移除前的状态", "state before")},
)
LAPSED = declare(
    "delivery.lapsed",
    zh="清除过期未报送的文件",
    en="Removed files that were not sent in time",
    fields={"files": ("文件数", "files")},
)
RECEIVED = declare(
    "delivery.received",
    zh="接收交付文件",
    en="Received a delivered file",
    fields={"deliveries": ("交付编号", "deliveries"), "set_aside": ("退回行", "rows set aside")},
)
REFUSED = declare("delivery.refused", zh="拒收交付文件", en="Refused a delivered file", fields={"reason": ("原因", "reason")})
MIRRORED = declare(
    "delivery.mirrored",
    zh="登记数据湖的交付",
    en="Registered the lake's deliveries",
    fields={"added": ("新增", "added"), "changed": ("变更", "changed")},
)
CHASED = declare(
    "delivery.chased",
    zh="催报",
    en="Chased a delivery",
    fields={"dataset": ("数据集", "dataset"), "periods": ("逾期期次", "overdue periods"), "told": ("通知人数", "people told")},
)
RETURNED_ROWS_TAKEN = declare(
    "delivery.returned_rows_taken", zh="下载退回行", en="Downloaded rows set aside", fields={"rows": ("行数", "rows")}
)
EXPIRED = declare(
    "delivery.expired",
    zh="销毁超过保存期限的交付",
    en="Erased deliveries past their retention",
    fields={"certificates": ("证明编号", "certificates"), "deliveries": ("交付编号", "deliveries")},
)
REMINDED = declare(
    "delivery.reminded",
    zh="检查逾期交付",
    en="Looked for late deliveries",
    fields={
        "datasets": ("逾期数据集", "late datasets"),
        "periods": ("逾期期次", "overdue periods"),
        "told": ("通知人数", "people told"),
    },
)

name_object("batch", zh="一批文件", en="batch of files")
name_object("dataset", zh="数据集", en="data set")
name_object("deliveries.chase", zh="催报", en="reminder")
name_object("deliveries.delivery", zh="交付", en="delivery")
name_object("deliveries.upload", zh="上传", en="upload")
name_object("delivery", zh="交付", en="delivery")
name_object("lake", zh="数据湖", en="lake")
