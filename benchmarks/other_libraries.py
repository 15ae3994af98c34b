"""(b) The same questions in pandas and Polars, where they fit: five rules over the payments, from the same Parquet files."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl

from benchmarks.cities import City
from benchmarks.measure import medians
from xiezhi.lake.lake import Lake
from xiezhi.operations.config import CoreConfig
from xiezhi.operations.runs import run_rules

CODES = ("SUB-001", "SUB-002", "SUB-003")
COLUMNS = ["person", "item", "benefit_month", "amount", "village"]


def measure(city: City) -> dict[str, Any]:
    """How many times longer pandas and Polars take than xiezhi's run of the same three rules."""
    files = _files(city)
    config = CoreConfig()

    def ours() -> None:
        for old in sorted((city.lake / "runs").glob("0*")):
            for path in sorted(old.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            old.rmdir()
        run_rules(config, city.lake, codes=CODES)

    seconds = medians({"xiezhi": ours, "pandas": lambda: with_pandas(files), "polars": lambda: with_polars(files)})
    return {"seconds": seconds, "pandas": seconds["pandas"] / seconds["xiezhi"], "polars": seconds["polars"] / seconds["xiezhi"]}


def with_pandas(files: dict[str, list[str]]) -> list[int]:
    """Hits of SUB-001, SUB-002, SUB-003."""
    paid = pd.concat([pd.read_parquet(file, columns=COLUMNS) for file in files["subsidy_payment"]], ignore_index=True)
    paid["benefit_month"] = pd.to_datetime(paid["benefit_month"])
    deaths = pd.concat([pd.read_parquet(file, columns=["person", "death_date"]) for file in files["death_registry"]])
    first = pd.to_datetime(deaths.groupby("person")["death_date"].min()).rename("died").reset_index()
    dead = paid.merge(first, on="person")
    late = dead[dead["benefit_month"] > dead["died"] + pd.offsets.MonthBegin(1)]
    after = late.groupby(["person", "item"])["amount"].sum()
    items = pd.concat([pd.read_parquet(file) for file in files["subsidy_item"]])
    months = paid.groupby(["person", "item", "benefit_month"]).agg(
        n=("amount", "size"), paid=("amount", "sum"), low=("village", "min"), high=("village", "max")
    )
    months = months.reset_index().merge(items[["item", "universal", "monthly_standard"]], on="item")
    over = months[(months["n"] >= 2) & (months["paid"] > months["monthly_standard"]) & ~months["universal"].astype(bool)]
    two = months[(months["low"] != months["high"]) & ~months["universal"].astype(bool)]
    return [len(after), over.groupby(["person", "item"]).ngroups, two.groupby(["person", "item"]).ngroups]


def with_polars(files: dict[str, list[str]]) -> list[int]:
    """Hits of SUB-001, SUB-002, SUB-003, lazily, on the streaming engine."""
    paid = pl.scan_parquet(files["subsidy_payment"]).select(COLUMNS)
    first = pl.scan_parquet(files["death_registry"]).group_by("person").agg(pl.col("death_date").min().alias("died"))
    late = paid.join(first, on="person").filter(pl.col("benefit_month") > pl.col("died").dt.month_start().dt.offset_by("1mo"))
    after = late.group_by("person", "item").agg(pl.col("amount").sum())
    items = pl.scan_parquet(files["subsidy_item"]).select("item", "universal", "monthly_standard")
    months = paid.group_by("person", "item", "benefit_month").agg(
        pl.len().alias("n"),
        pl.col("amount").sum().alias("paid"),
        pl.col("village").min().alias("low"),
        pl.col("village").max().alias("high"),
    )
    months = months.filter(pl.col("n") >= 2).join(items, on="item").filter(~pl.col("universal"))
    over = months.filter(pl.col("paid") > pl.col("monthly_standard")).select("person", "item").unique()
    two = months.filter(pl.col("low") != pl.col("high")).select("person", "item").unique()
    return [len(frame.collect(engine="streaming")) for frame in (after, over, two)]


def _files(city: City) -> dict[str, list[str]]:
    with Lake.open(city.lake) as lake:
        return {name: [str(file) for file in table.files] for name, table in lake.snapshot().tables.items()}
