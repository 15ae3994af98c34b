"""An alert: one hit, placed at a unit, with what has become of it. Masked throughout; the lake holds the rest."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from xiezhi.kernel import clock
from xiezhi.kernel.level import Level
from xiezhi.kernel.words import Words
from xiezhi.web.accounts.models.scoped import KEY, Held
from xiezhi.web.alerts.states import AlertState
from xiezhi.web.supervision.states import Conclusion, HitState


class Alert(Held):
    """`fingerprint` is the hit's: however often the rules run, one hit is one alert.

    `parties`: subject, counterpart and everybody in the evidence, past ones too.
    """

    fingerprint = models.CharField(max_length=32, unique=True)
    number = models.CharField(max_length=16, unique=True)
    rule = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    variant = models.CharField(max_length=8)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=300)
    level = models.CharField(max_length=8, choices=[(level.value, level.zh) for level in Level])
    level_rank = models.PositiveSmallIntegerField()
    hit_state = models.CharField(max_length=8, choices=HitState.choices)
    gone_zh = models.TextField(blank=True)
    gone_en = models.TextField(blank=True)
    """Why the hit is no longer there: rows, a parameter, the rule, a table; empty while it stands."""
    matter = models.OneToOneField("matters.Matter", null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=32, default=AlertState.OPEN.value)
    """Of its matter, kept here for lists."""
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    unit_label = models.CharField(max_length=200)
    """The unit as it was delivered; where it was placed is `unit`."""
    placed_by = models.CharField(max_length=12)
    """What decided the placing: region, name, line, root."""
    region = models.CharField(max_length=12, blank=True)
    subject_kind = models.CharField(max_length=20)
    subject_masked = models.CharField(max_length=200)
    counterpart_kind = models.CharField(max_length=20, blank=True)
    counterpart_key = models.CharField(max_length=KEY, blank=True)
    counterpart_masked = models.CharField(max_length=200, blank=True)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    amount = models.BigIntegerField(null=True)
    """Fen; None where the rule states no amount, which is not nothing."""
    amount_rank = models.GeneratedField(expression=Coalesce("amount", -1), output_field=models.BigIntegerField(), db_persist=True)
    sentence_zh = models.TextField()
    sentence_en = models.TextField()
    search = SearchVectorField()
    seal = models.CharField(max_length=64)
    """The newest; all it has had are its `seals`."""
    run = models.PositiveIntegerField()
    first_run = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    renewed_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    """When it last changed in any way: what the interface for machines goes on from."""
    snoozed_until = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    outcome = models.CharField(max_length=16, choices=Conclusion.choices, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    handled_by = models.BigIntegerField(null=True)
    """Id of whoever last moved it: what "only mine" asks for."""

    class Meta:
        ordering = ("-raised_at", "-id")
        indexes = (
            models.Index(fields=["unit_path", "-raised_at", "-id"], name="alert_place_newest"),
            models.Index(fields=["-raised_at", "-id"], name="alert_newest"),
            models.Index(fields=["-level_rank", "-id"], name="alert_gravest"),
            models.Index(fields=["-amount_rank", "-id"], name="alert_dearest"),
            models.Index(fields=["subject_key", "-level_rank"], name="alert_subject"),
            models.Index(fields=["rule", "unit_path"], name="alert_rule_place"),
            models.Index(fields=["moved_at", "id"], name="alert_moved"),
            GinIndex(fields=["search"], name="alert_search", fastupdate=True),
            GinIndex(fields=["holders"], name="alert_holders"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(hit_state__in=HitState.values), name="alert_hit_state_is_known"),
            models.CheckConstraint(condition=Q(label__lte=3), name="alert_label_is_known"),
            models.CheckConstraint(
                condition=~Q(state="snoozed") | Q(snoozed_until__isnull=False), name="alert_snooze_has_its_end"
            ),
            models.CheckConstraint(condition=~Q(state="dismissed") | ~Q(outcome=""), name="alert_closing_has_its_outcome"),
            models.CheckConstraint(
                condition=(Q(state="merged") & Q(merged_into__isnull=False)) | (~Q(state="merged") & Q(merged_into__isnull=True)),
                name="alert_merged_into_one",
            ),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> Words:
        return Words(zh=self.title_zh, en=self.title_en)

    @property
    def sentence(self) -> Words:
        return Words(zh=self.sentence_zh, en=self.sentence_en)

    @property
    def gone(self) -> Words:
        return Words(zh=self.gone_zh, en=self.gone_en)

    def standing(self, today: date | None = None) -> str:
        """The state as of a day: a snooze that has ended is open again without anybody's doing."""
        if self.state == AlertState.SNOOZED and self.snoozed_until and self.snoozed_until <= (today or clock.today()):
            return AlertState.OPEN
        return self.state
