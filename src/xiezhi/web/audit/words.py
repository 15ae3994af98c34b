"""What the keys of before, after and details are called, and the kinds of object. A kind may say otherwise for itself."""

from __future__ import annotations

FIELDS: dict[str, tuple[str, str]] = {
    "active": ("是否启用", "Active"),
    "after_checkpoint": ("此前的检查点", "Checkpoint before"),
    "case": ("事项编号", "Case"),
    "clearance": ("密级许可", "Clearance"),
    "day": ("日期", "Day"),
    "duty": ("账号类别", "Duty of the account"),
    "ends_on": ("截止日期", "Ends on"),
    "expires_on": ("有效期至", "Expires on"),
    "kind": ("种类", "Kind"),
    "language": ("界面语言", "Language"),
    "level": ("级别", "Level"),
    "lines": ("业务条线", "Lines of work"),
    "links": ("环数", "Links"),
    "method": ("方式", "Method"),
    "name": ("名称", "Name"),
    "oversees": ("联系单位", "Overseen units"),
    "path": ("路径", "Path"),
    "permission": ("所需权限", "Permission needed"),
    "post": ("岗位", "Post"),
    "purpose": ("目的", "Purpose"),
    "reason": ("原因", "Reason"),
    "relation": ("关系", "Relation"),
    "role": ("角色", "Role"),
    "rows": ("行数", "Rows"),
    "starts_on": ("起始日期", "Starts on"),
    "state": ("状态", "State"),
    "subject": ("对象", "Subject"),
    "theme": ("外观", "Theme"),
    "unit": ("单位", "Unit"),
    "user": ("账号", "Account"),
    "username": ("用户名", "User name"),
}

OBJECTS: dict[str, tuple[str, str]] = {
    "dataset": ("数据集", "data set"),
    "route": ("页面", "page"),
    "rule": ("规则", "rule"),
    "run": ("运行", "run"),
    "trail": ("审计链", "trail"),
}
