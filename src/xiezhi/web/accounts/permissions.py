"""Everything a person may be allowed to do, one word each. Who holds which is in `roles`."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """What a route or an action asks for. A permission says what; the scope says on which rows."""

    WORKBENCH_OPEN = "workbench.open"

    DELIVERY_READ = "delivery.read"
    DELIVERY_UPLOAD = "delivery.upload"
    DELIVERY_CHASE = "delivery.chase"
    CATALOGUE_READ = "catalogue.read"

    RULE_READ = "rule.read"
    RULE_PROPOSE = "rule.propose"
    RULE_APPROVE = "rule.approve"
    RUN_READ = "run.read"
    RUN_START = "run.start"

    ALERT_READ = "alert.read"
    EVIDENCE_READ = "evidence.read"
    ALERT_DISMISS = "alert.dismiss"
    ALERT_SNOOZE = "alert.snooze"
    ALERT_MERGE = "alert.merge"
    ALERT_EXPORT = "alert.export"
    REPLAY_CHECK = "replay.check"

    REVEAL_REQUEST = "reveal.request"
    REVEAL_APPROVE = "reveal.approve"
    REVEAL_REGISTER = "reveal.register"

    TRAIL_READ = "trail.read"
    TRAIL_EXPORT = "trail.export"

    ACCOUNT_READ = "account.read"
    ACCOUNT_CREATE = "account.create"
    ACCOUNT_DISABLE = "account.disable"
    POST_GRANT = "post.grant"
    UNIT_MANAGE = "unit.manage"
    POLICY_SET = "policy.set"
    MACHINE_MANAGE = "machine.manage"
    SYSTEM_RUN = "system.run"
