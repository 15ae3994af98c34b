"""Whom a person must not see: themselves, and the kin they have declared."""

from __future__ import annotations

from django.db import models

UNFOUND = "unfound"
"""Begins the key of a declaration that could not be given a number: it has no effect and must be made again."""


class Recusal(models.Model):
    """`subject_key` is "<identity kind>:<vault number>", the same word that alerts carry; the identity is not kept here."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="recusals")
    subject_key = models.CharField(max_length=64)
    relation = models.CharField(max_length=32)
    declared_at = models.DateTimeField()
    declared_by = models.CharField(max_length=64)
    lift_asked_at = models.DateTimeField(null=True)
    """Its person asked to have it lifted; the security administrator has not answered yet."""
    lift_why = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "subject_key"), name="one_recusal_a_subject"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.relation}"

    @property
    def is_unfound(self) -> bool:
        return self.subject_key.startswith(f"{UNFOUND}:")


class RecusalTie(models.Model):
    """Whom the data ties to the subject of a recusal: their companies and, of oneself, one's kin. Shown to nobody, its person
    neither: it would tell what the data knows."""

    recusal = models.ForeignKey(Recusal, on_delete=models.CASCADE, related_name="ties")
    subject_key = models.CharField(max_length=64)
    found_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("recusal", "subject_key"), name="one_tie_a_subject"),)

    def __str__(self) -> str:
        return f"{self.recusal_id}: {self.found_at:%Y-%m-%d}"
