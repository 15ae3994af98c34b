"""A person's own: views they saved, and when they last looked."""

from __future__ import annotations

from django.db import models


class SavedView(models.Model):
    """A filter under a name. At most one is the default: it opens when the list is opened without a filter."""

    user = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=1000)
    is_default = models.BooleanField(default=False)

    class Meta:
        ordering = ("name",)
        constraints = (
            models.UniqueConstraint(fields=("user", "name"), name="one_view_a_name"),
            models.UniqueConstraint(fields=("user",), condition=models.Q(is_default=True), name="one_default_view"),
        )

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """`since` is where "new since my last visit" begins; `seen_at` is the visit going on."""

    user = models.OneToOneField("accounts.User", on_delete=models.CASCADE, primary_key=True, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.seen_at:%Y-%m-%d %H:%M}"
