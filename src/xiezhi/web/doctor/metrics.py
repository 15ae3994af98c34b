"""Figures for Prometheus, read when asked: what grows before people notice."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

JOBS = "SELECT state, count(*) FROM jobs_job GROUP BY state"
UNSEALED = "SELECT count(*) FROM audit_pending"


class Platform(Collector):
    """Queue, trail and database, under a system scope: numbers only, never rows."""

    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("xiezhi_jobs", "Jobs by state", labels=["state"])
        with connection.cursor() as cursor:
            cursor.execute(JOBS)
            for state, count in cursor.fetchall():
                jobs.add_metric([state], count)
            yield jobs
            cursor.execute(UNSEALED)
            yield GaugeMetricFamily("xiezhi_trail_unsealed_events", "Events not yet in the chain", value=cursor.fetchone()[0])
            cursor.execute("SELECT pg_database_size(current_database())")
            yield GaugeMetricFamily("xiezhi_database_bytes", "Size of the database", value=cursor.fetchone()[0])
