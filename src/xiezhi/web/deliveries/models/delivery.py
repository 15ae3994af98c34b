"""What the lake's ledger knows of one delivered sheet, as rows the database can filter, count and show to whom it concerns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from xiezhi.web.deliveries.states import Fate


class Delivery(models.Model):
    """A mirror: `number` is the ledger's, and the ledger is right. Written by `actions.mirroring` only.

    `unit` is the unit of the contract's department; of a file that no contract fits, that of whoever sent it in, else the
    root, where only those who see the whole city see it. `faults` and `repairs` count rows by word, `columns` faults by column.
    """

    number = models.PositiveIntegerField(unique=True)
    file = models.CharField(max_length=300)
    member = models.CharField(max_length=300, blank=True)
    sheet = models.CharField(max_length=120, blank=True)
    contract = models.CharField(max_length=64, blank=True)
    department = models.CharField(max_length=40, blank=True)
    unit = models.ForeignKey("accounts.Unit", on_delete=models.PROTECT, related_name="+")
    unit_path = models.CharField(max_length=100, db_collation="C")
    received_at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    delivered = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    repaired = models.PositiveIntegerField(default=0)
    set_aside = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    fate = models.CharField(max_length=16, choices=Fate.choices)
    reason_zh = models.TextField(blank=True)
    reason_en = models.TextField(blank=True)
    todo_zh = models.TextField(blank=True)
    todo_en = models.TextField(blank=True)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    """The time its rows are for, where the data says it."""
    faults = models.JSONField(default=dict)
    repairs = models.JSONField(default=dict)
    columns = models.JSONField(default=dict)
    back = models.JSONField(default=list)
    """What became of its rows set aside: {by, mended, again, anew, unread} for each later delivery that brought any."""
    unkeyed = models.PositiveIntegerField(null=True)
    """Of its rows set aside, those without a readable key; None where nobody counted."""

    class Meta:
        ordering = ("-number",)
        indexes = (
            models.Index(fields=("unit_path", "-number"), name="delivery_by_unit"),
            models.Index(fields=("contract", "-number"), name="delivery_by_contract"),
            models.Index(fields=("-received_at",), name="delivery_by_time"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(delivered=F("accepted") + F("repaired") + F("set_aside")), name="delivery_balances"
            ),
            models.CheckConstraint(
                condition=Q(duplicate__lte=F("accepted") + F("repaired")), name="delivery_duplicates_are_held"
            ),
            models.CheckConstraint(
                condition=Q(period_from__isnull=True, period_to__isnull=True) | Q(period_from__lte=F("period_to")),
                name="delivery_period_runs_forward",
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.file}"

    @property
    def name(self) -> str:
        """File, member and sheet, as a person finds it again."""
        return " › ".join(part for part in (self.file, self.member, self.sheet) if part)

    @property
    def corrected(self) -> int:
        """Of its rows set aside, those that came again and were accepted, as far as can be known."""
        return self._back("mended")

    @property
    def again(self) -> int:
        """Of its rows set aside, those that came again and were set aside anew: they are the later delivery's by now."""
        return self._back("again")

    @property
    def unknowable(self) -> int | None:
        """Of the others, those of which nobody can say whether they came again in another file; None: of none of them."""
        return None if self.unkeyed is None else max(0, self.unkeyed - self._back("unread"))

    @property
    def still_open(self) -> int | None:
        """Those that are open for certain: their key can be read, and nothing has come under it since. None: not known."""
        return None if self.unknowable is None else max(0, self.outstanding - self.unknowable)

    @property
    def outstanding(self) -> int:
        """Rows set aside that are not known to have come again: those of which it is certain and those of which nobody knows."""
        return max(0, self.set_aside - self.corrected - self.again - self._back("anew"))

    def _back(self, name: str) -> int:
        return sum(int(one[name]) for one in self.back)

    @property
    def outcome(self) -> Fate:
        return Fate(self.fate)

    @property
    def refused(self) -> bool:
        return self.fate == Fate.REFUSED
