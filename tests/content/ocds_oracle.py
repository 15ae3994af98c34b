"""The eleven OCDS flags in plain Python, written from their definitions: the judge of the SQL in content/rules/procurement-ocds.

Slow and obvious on purpose. It reads lake tables (name → rows) and a rule's parameter values and answers with the keys of
the hits, in the order of the rule's `hit.key`. Nothing here knows about SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any

from tests.content.ocds_processes import Bid, Lake, Process, lower, may_be_same, may_share, processes

Values = dict[str, Any]
Keys = set[tuple[Any, ...]]


def _seen(lake: Lake, v: Values) -> list[Process]:
    """Processes that neither status nor method leaves out."""
    return [
        p for p in processes(lake) if lower(p.row["status"]) not in v["skip_statuses"] and _method(p) not in v["skip_methods"]
    ]


def _method(process: Process) -> str | None:
    details: str | None = process.row["method_details"]
    return details


def _listed(word: str | None, words: list[str]) -> bool:
    return "*" in words or word in words


def quantile(values: Iterable[Fraction | int], tau: int, of: int) -> Fraction:
    """Quantile tau/of, Hyndman and Fan's type 8: position (n + 1/3) tau + 1/3, linear between neighbours."""
    ranked = sorted(values)
    n = len(ranked)
    whole, rest = divmod((3 * n + 1) * tau + of, 3 * of)
    low, high = ranked[max(whole, 1) - 1], ranked[min(whole + 1, n) - 1]
    return low + (high - low) * Fraction(rest, 3 * of)


@dataclass
class Fences:
    """Quartiles of a group of values and what a rule's parameters make of them."""

    values: Sequence[Fraction | int]
    v: Values

    @cached_property
    def quartiles(self) -> tuple[Fraction, Fraction]:
        return quantile(self.values, 1, 4), quantile(self.values, 3, 4)

    @property
    def enough(self) -> bool:
        return bool(self.values) and len(self.values) >= self.v["smallest_group"]

    def low_outlier(self, value: Fraction) -> bool:
        if self.v["fixed_fence"] > 0:
            return value <= Fraction(str(self.v["fixed_fence"]))
        if not self.enough:
            return False
        q1, q3 = self.quartiles
        fence = q1 - Fraction(3, 2) * (q3 - q1)
        return q1 > 0 and fence > 0 and value <= fence and (self.v["no_spread"] == "flag" or value < q1)

    def high_outlier(self, value: Fraction | int, *, positive: bool = True) -> bool:
        if self.v["fixed_fence"] > 0:
            return value >= Fraction(str(self.v["fixed_fence"]))
        if not self.enough:
            return False
        q1, q3 = self.quartiles
        fence = q3 + Fraction(3, 2) * (q3 - q1)
        return (fence > 0 or not positive) and value >= fence and (self.v["no_spread"] == "flag" or value > q3)


def short_period(lake: Lake, v: Values) -> Keys:
    by_method: dict[str, Any] = dict(part.split("=") for part in v["days_by_method"].split("|") if part)
    found = set()
    for p in _seen(lake, v):
        start, end, method = p.row["period_start"], p.row["period_end"], lower(p.row["method"])
        if start is None or end is None or not _listed(method, v["methods"]):
            continue
        least = int(next((by_method[name] for name in (_method(p), method) if name in by_method), v["days"]))
        if v["earliest_days"] <= (end - start) // timedelta(days=1) < least:
            found.add((p.row["ocid"],))
    return found


def _still_open(p: Process) -> bool:
    """Whether what is known of a process was told while bids could still come: no award yet, nor the end of either."""
    told, end = p.row["release_date"], p.row["period_end"]
    over = lower(p.row["status"]) not in ("planning", "planned", "active", None) or bool(p.active) or p.open_awards > 0
    return told is not None and end is not None and told < end and not over


def single_bid(lake: Lake, v: Values) -> Keys:
    found = set()
    for p in _seen(lake, v):
        stated = p.row["number_of_tenderers"]
        counted = len({bid.parties or bid.bid_id for bid in p.bids if bid.submitted}) or None
        if counted == 1 and any(bid.status is None for bid in p.bids):
            counted = None  # a bid of which nobody knows what became may be another's
        number = {"field": stated, "bids": counted}.get(v["tenderers_from"], counted if stated is None else stated)
        if number == 1 and not _still_open(p) and _listed(lower(p.row["method"]), v["methods"]):
            found.add((p.row["ocid"],))
    return found


def _price(bid: Bid, currency: str, v: Values) -> int | None:
    """What a bid asks in a currency; None where it states no price in any."""
    return bid.amount if bid.currency == currency and bid.amount is not None and bid.amount >= v["smallest_price"] else None


def _unpriced(bid: Bid, v: Values) -> bool:
    return bid.currency is None or bid.amount is None or bid.amount < v["smallest_price"]


def _contests(lake: Lake, v: Values) -> dict[tuple[str, str], Fraction]:
    """(ocid, currency) → how far the lowest other valid price lies above the winner's lowest; if not below, and certain."""
    found = {}
    for p in _seen(lake, v):
        if p.winner is None or not _listed(_method(p), v["only_methods"]):
            continue
        for currency in {b.currency for b in p.contested if b.currency is not None and v["currency"] in ("", b.currency)}:
            priced = [(b, price) for b in p.contested if (price := _price(b, currency, v)) is not None]
            known = [(p.winner in b.parties, price) for b, price in priced if b.status == "valid" and b.parties]
            mine, others = [c for own, c in known if own], [c for own, c in known if not own]
            if not mine or not others or not 0 < min(mine) <= min(others):
                continue
            open_ = [(b, c) for b, c in priced if b.undecided or (b.status == "valid" and not b.parties)]
            changes = any(c < (min(mine) if p.winner in b.parties else min(others)) for b, c in open_)
            if not changes and not any((b.status == "valid" or b.undecided) and _unpriced(b, v) for b in p.contested):
                found[p.row["ocid"], currency] = Fraction(min(others) - min(mine), min(mine))
    return found


def _per_currency(contests: dict[tuple[str, str], Fraction], v: Values) -> dict[str, Fences]:
    return {currency: Fences([d for (_, c), d in contests.items() if c == currency], v) for currency in {c for _, c in contests}}


def close_price(lake: Lake, v: Values) -> Keys:
    contests = _contests(lake, v)
    fences = _per_currency(contests, v)
    return {key for key, difference in contests.items() if fences[key[1]].low_outlier(difference)}


def heavy_discount(lake: Lake, v: Values) -> Keys:
    contests = _contests(lake, v)
    fences = _per_currency(contests, v)
    return {key for key, difference in contests.items() if fences[key[1]].high_outlier(difference)}


def losing_bids(lake: Lake, v: Values) -> Keys:
    won: dict[int, list[bool]] = defaultdict(list)
    further: dict[int, int] = defaultdict(int)
    for p in _seen(lake, v):
        entered = {bid.only for bid in p.contested if bid.status == "valid" and bid.only is not None} if p.winner else set()
        for tenderer in entered:
            won[tenderer].append(tenderer == p.winner)
        for supplier in {s for award in p.active for s in award.suppliers if s is not None} - entered:
            further[supplier] += 1
    if not won:
        return set()
    busy = quantile([len(wins) for wins in won.values()], v["percentile"], 100)
    ratios = {tenderer: Fraction(sum(wins), len(wins)) for tenderer, wins in won.items()}
    fences = Fences(list(ratios.values()), v)
    # low even with what it won besides
    highest = {t: Fraction(sum(wins) + further[t], len(wins) + further[t]) for t, wins in won.items()}
    return {(t,) for t, ratio in highest.items() if len(won[t]) >= busy and fences.low_outlier(ratio)}


def identical_prices(lake: Lake, v: Values) -> Keys:
    at: dict[tuple[str, str, int, str], set[frozenset[int]]] = defaultdict(set)
    for p in _seen(lake, v):
        for bid in p.bids if _listed(_method(p), v["only_methods"]) else []:
            if bid.submitted and bid.parties and bid.currency and bid.amount is not None and bid.amount >= v["smallest_price"]:
                at[p.row["ocid"], bid.currency, bid.amount, bid.lots or ""].add(bid.parties)
    return {key for key, bidders in at.items() if any(not one & other for one in bidders for other in bidders)}


def _is_day(moment: datetime) -> bool:
    """Whether a moment is how a date without a time is written: midnight in UTC or in China."""
    return moment.replace(microsecond=0).time().isoformat() in ("00:00:00", "16:00:00")


def _lateness(sent: datetime | None, deadline: datetime, v: Values) -> timedelta | None:
    """How late a bid came, at least; None where nobody can tell."""
    if sent is None:
        return None
    days = v["day_deadline"] == "day"
    end = deadline + timedelta(days=1) if days and _is_day(deadline) else deadline
    if not days or not _is_day(sent):
        return sent.replace(microsecond=0) - end.replace(microsecond=0)
    bid_day, last_day = (sent + timedelta(hours=8)).date(), (deadline + timedelta(hours=8)).date()
    if bid_day > last_day:
        began = datetime(bid_day.year, bid_day.month, bid_day.day) - timedelta(hours=8)
        return max(began - end.replace(microsecond=0), timedelta(seconds=1))
    return timedelta(days=-1) if bid_day < last_day or _is_day(deadline) else None


def _came_late(own: list[Bid], bid: Bid, won: str | None, deadline: datetime, v: Values) -> bool:
    """Whether what counts beside `bid`, of the supplier's bids for the same lots, certainly came late."""
    peers = [b for b in own if won is None or may_share(b.lots, bid.lots)]
    grace = timedelta(minutes=v["grace_minutes"])
    timed = {b.bid_id: _lateness(b.date, deadline, v) for b in peers}
    known = [late for b in peers if b.status == "valid" and (late := timed[b.bid_id]) is not None]
    if v["earlier_bid"] == "ignored":
        return bool(known) and max(known) > grace
    late_in_any_case = all((late := timed[b.bid_id]) is not None and (b.status == "valid" or late > grace) for b in peers)
    return bool(known) and min(known) > grace and late_in_any_case


def late_bid(lake: Lake, v: Values) -> Keys:
    found = set()
    for p in _seen(lake, v):
        deadline = p.row["period_end"]
        for award in p.active if deadline is not None else []:
            for supplier in award.suppliers - {None}:
                own = [b for b in p.bids if (b.status == "valid" or b.undecided) and supplier in b.parties]
                own = [b for b in own if may_share(b.lots, award.lots)]
                if any(_came_late(own, bid, award.lots, deadline, v) for bid in own):
                    found.add((p.row["ocid"], supplier))
    return found


def others_disqualified(lake: Lake, v: Values) -> Keys:
    found = set()
    for p in _seen(lake, v):
        left = [bid for bid in p.bids if bid.status == "valid"]
        valid = {bid.parties for bid in left if bid.parties}
        members = {party for parties in valid for party in parties}
        rivals = [b for b in p.bids if b.status == "disqualified" and any(may_share(b.lots, one.lots) for one in left)]
        out = {bid.parties for bid in rivals if bid.parties and not bid.parties & members}
        waiting = [b for b in p.bids if b.status not in ("valid", "disqualified", "invited", "withdrawn")]
        waiting = [b for b in waiting if any(may_share(b.lots, one.lots) for one in left)]
        if any(not bid.parties or bid.parties - members for bid in waiting):
            continue
        suppliers = {supplier for award in p.active for supplier in award.suppliers}
        unnamed = sum(not bid.parties for bid in left)
        alone = len(valid) == 1 and suppliers and suppliers <= members and p.open_awards == 0
        if alone and len(out) >= v["min_others"] and unnamed <= v["unnamed_allowed"]:
            found.add((p.row["ocid"],))
    return found


def _lowest_was_cut_out(p: Process, currency: str, lots: str | None, v: Values) -> bool:
    """Whether the lowest bid for certain lots was certainly disqualified, and nobody's who won; and a valid one is left."""
    suppliers = {s for award in p.active if may_share(award.lots, lots) for s in award.suppliers}
    same = [b for b in p.bids if b.submitted and b.lots == lots and _price(b, currency, v) is not None]
    lowest = min(price for b in same if (price := _price(b, currency, v)) is not None)
    for b in p.bids:
        price = _price(b, currency, v) if b.submitted or b.status is None else None
        if price is None or not may_be_same(b.lots, lots):
            continue
        if price < lowest or (price == lowest and b.status is None and v["ties"] == "all"):
            return False
    at = [b for b in same if b.amount == lowest and not (b.status == "disqualified" and b.parties & suppliers)]
    out = [b.status == "disqualified" for b in at]
    return any(b.status == "valid" for b in same) and any(out) and (v["ties"] == "any" or all(out))


def lowest_disqualified(lake: Lake, v: Values) -> Keys:
    least = {"required": 2, "when_known": 1, "ignored": 0}[v["price_only"]]
    found = set()
    for p in _seen(lake, v):
        criteria = lower(p.row["award_criteria"])
        decides = 2 if criteria in ("priceonly", "lowestcost") else 1 if criteria is None else 0
        if decides < least or not _listed(_method(p), v["only_methods"]):
            continue
        taking_part = [b for b in p.bids if b.submitted or b.status is None]
        if any(_unpriced(b, v) for b in taking_part):
            continue  # without every price the lowest is not certain
        for currency, lots in {(b.currency, b.lots) for b in taking_part if b.submitted and v["currency"] in ("", b.currency)}:
            awarded = any(may_share(award.lots, lots) for award in p.active)
            if awarded and _lowest_was_cut_out(p, str(currency), lots, v):
                found.add((p.row["ocid"], currency, lots or ""))
    return found


def disqualification(lake: Lake, v: Values) -> Keys:
    words: dict[tuple[str, int], list[str | None]] = defaultdict(list)
    met: dict[tuple[str, int], set[str]] = defaultdict(set)
    for p in _seen(lake, v):
        for bid in p.bids:
            roles = [
                ("buyer", p.row["buyer"]),
                ("procuring_entity", p.row["procuring_entity"]),
                *(("tenderer", t) for t in bid.parties),
            ]
            for role in roles if bid.submitted or bid.status is None else []:
                if role[1] is not None:
                    words[role].append(bid.status)
                    met[role] |= {p.row["ocid"]} if bid.status else set()
    shares, least_share = {}, {}
    for role, bids in words.items():
        out, known = bids.count("disqualified"), len(bids) - bids.count(None)
        counts_bids = role[0] == "tenderer" or v["minimum_counts"] == "bids"
        least = v["minimum_bids"] if role[0] == "tenderer" else v["minimum_processes"]
        if known and (known if counts_bids else len(met[role])) >= least:
            shares[role] = Fraction(out, known)
            least_share[role] = Fraction(out, len(bids))
    fences = {kind: Fences([ratio for (role, _), ratio in shares.items() if role == kind], v) for kind, _ in shares}
    # a hit whatever became of the bids of which nobody knows: even if all of them were valid
    return {role for role, share in least_share.items() if fences[role[0]].high_outlier(share)}


def heterogeneous(lake: Lake, v: Values) -> Keys:
    met: dict[tuple[int, str], set[str]] = defaultdict(set)
    classes: dict[tuple[int, str], set[str]] = defaultdict(set)
    for p in _seen(lake, v):
        for award in p.active:
            supplier = next(iter(award.suppliers)) if len(award.suppliers) == 1 else None
            for scheme, code in award.items:
                if code is not None and supplier is not None:
                    key = (supplier, "*" if v["schemes"] == "together" else scheme or "")
                    whole = v["text_codes"] == "whole" and not code[:1].isdigit()
                    met[key].add(p.row["ocid"])
                    classes[key].add(code if whole else code[: v["digits"]])
    variety = {key: len(classes[key]) for key in met if len(met[key]) >= v["minimum_processes"]}
    fences = {scheme: Fences([n for (_, s), n in variety.items() if s == scheme], v) for _, scheme in variety}
    return {key for key, number in variety.items() if fences[key[1]].high_outlier(number, positive=False)}


FLAGS: dict[str, Callable[[Lake, Values], Keys]] = {
    "R003": short_period,
    "R018": single_bid,
    "R024": close_price,
    "R025": losing_bids,
    "R028": identical_prices,
    "R030": late_bid,
    "R035": others_disqualified,
    "R036": lowest_disqualified,
    "R038": disqualification,
    "R048": heterogeneous,
    "R058": heavy_discount,
}
