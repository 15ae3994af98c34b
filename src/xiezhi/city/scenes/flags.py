"""How one ordinary contracting process becomes a red flag of Cardinal's catalogue, or something that only looks like it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from xiezhi.city.contracting import SECONDS, Award, Process

Planting = Callable[[Process, int], None]


def _short(process: Process, turn: int) -> None:
    process.ends(process.start + timedelta(days=3 + turn % 8))


def _fifteen_days(process: Process, turn: int) -> None:
    process.ends(process.start + timedelta(days=15))


def _limited_short(process: Process, turn: int) -> None:
    process.method = ("limited", "direct")[turn % 2]
    process.ends(process.start + timedelta(days=3))


def _end_before_start(process: Process, turn: int) -> None:
    process.start, process.deadline = process.end, (process.start - timedelta(days=1)).strftime(SECONDS)
    for bid in process.bids:
        bid.sent = (process.start - timedelta(days=40)).strftime(SECONDS)


def _cancelled(process: Process, turn: int) -> None:
    process.ends(process.start + timedelta(days=5))
    process.status, process.awards, process.bids[:] = "cancelled", [], process.bids[:2]


def _single(process: Process, turn: int) -> None:
    del process.bids[1:]
    process.tenderers = 1 if turn % 2 else None


def _single_direct(process: Process, turn: int) -> None:
    del process.bids[1:]
    process.method = "direct"


def _number_missing(process: Process, turn: int) -> None:
    process.tenderers = None


def _close(process: Process, turn: int) -> None:
    process.second.price = round(process.winner.price * (1.003 + turn % 7 / 1000))


def _five_percent(process: Process, turn: int) -> None:
    process.second.price = round(process.winner.price * 1.05)


def _winner_not_lowest(process: Process, turn: int) -> None:
    process.second.price = round(process.winner.price * 0.995)


def _two_awards(process: Process, turn: int) -> None:
    _close(process, turn)
    process.awards.append(Award([process.second.tenderer], process.awards[0].classes, process.second.price))


def _close_disqualified(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.005, "disqualified")


def _close_in_dollars(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.005, currency="USD")


def _same_price(process: Process, turn: int) -> None:
    for bidder in process.spare[:2]:
        process.add(bidder, 1.12)


def _same_price_one_bidder(process: Process, turn: int) -> None:
    for _ in range(2):
        process.add(process.spare[0], 1.12)


def _same_number_two_currencies(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.12)
    process.add(process.spare[1], 1.12, currency="USD")


def _same_price_withdrawn(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.12)
    process.add(process.spare[1], 1.12, "withdrawn")


def _placeholder_prices(process: Process, turn: int) -> None:
    for bidder in process.spare[:2]:
        process.add(bidder, 1.0).price = 100


def _late_winner(process: Process, turn: int) -> None:
    process.winner.sent = (process.end + timedelta(hours=1 + turn * 5 % 47)).strftime(SECONDS)


def _late_loser(process: Process, turn: int) -> None:
    process.second.sent = (process.end + timedelta(hours=6)).strftime(SECONDS)


def _late_disqualified(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.09, "disqualified").sent = (process.end + timedelta(hours=9)).strftime(SECONDS)


def _late_only_as_text(process: Process, turn: int) -> None:
    day = process.end.strftime("%Y-%m-%d")
    process.deadline, process.winner.sent, process.second.sent = (
        f"{day}T01:00:00Z",
        f"{day}T08:50:00+08:00",
        f"{day}T08:10:00+08:00",
    )
    for bid in process.bids[2:]:
        bid.sent = f"{day}T08:15:00+08:00"


def _at_the_deadline(process: Process, turn: int) -> None:
    process.winner.sent = process.end.strftime(SECONDS)


def _deadline_is_a_day(process: Process, turn: int) -> None:
    day = process.end.strftime("%Y-%m-%d")
    process.deadline, process.winner.sent = f"{day}T00:00:00Z", f"{day}T10:00:00Z"


def _others_disqualified(process: Process, turn: int) -> None:
    del process.bids[1:]
    for step in range(2 + turn % 2):
        process.add(one_off(process, step), 1.05 + step / 50, "disqualified")


def _two_left(process: Process, turn: int) -> None:
    for step in range(2):
        process.add(one_off(process, step), 1.11 + step / 50, "disqualified")


def _valid_one_lost(process: Process, turn: int) -> None:
    del process.bids[2:]
    process.awards[0].suppliers = [process.second.tenderer]
    process.second.status = "disqualified"


def _award_pending(process: Process, turn: int) -> None:
    _others_disqualified(process, turn)
    process.awards[0].status = "pending"


def _own_second_bid(process: Process, turn: int) -> None:
    process.method = "limited"
    del process.bids[1:]
    process.add(process.winner.tenderer, 1.04, "disqualified")


def _rest_withdrawn(process: Process, turn: int) -> None:
    process.tenderers = 2
    del process.bids[2:]
    process.second.status = "withdrawn"


def _lowest_disqualified(process: Process, turn: int) -> None:
    process.add(one_off(process, 0), 0.9 + turn % 6 / 100, "disqualified")


def _rated_criteria(process: Process, turn: int) -> None:
    _lowest_disqualified(process, turn)
    process.criteria = "ratedCriteria"


def _lowest_withdrawn(process: Process, turn: int) -> None:
    process.add(one_off(process, 0), 0.92, "withdrawn")


def _shared_lowest(process: Process, turn: int) -> None:
    process.add(process.winner.tenderer, 1.0, "disqualified")


def _unsettled(process: Process, turn: int) -> None:
    _lowest_disqualified(process, turn)
    process.awards[0].status = "unsuccessful"


def _lowest_in_dollars(process: Process, turn: int) -> None:
    for step, times in enumerate((0.5, 0.4)):
        status = "disqualified" if step == 0 else "valid"
        process.add(one_off(process, step) if step == 0 else process.spare[0], times, status, "USD")


def _far(process: Process, turn: int) -> None:
    process.second.price = round(process.winner.price * (1.4 + turn % 7 / 10))


def _eight_percent(process: Process, turn: int) -> None:
    process.second.price = round(process.winner.price * 1.08)


def _third_far(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.6)


def _far_disqualified(process: Process, turn: int) -> None:
    process.add(process.spare[0], 1.6, "disqualified")


def one_off(process: Process, step: int) -> str:
    """A party that occurs in this process only."""
    return f"CN-XZ-ONCE-{process.number:07d}-{step}"


PLANTED: dict[str, Planting] = {
    "R003": _short,
    "R018": _single,
    "R024": _close,
    "R028": _same_price,
    "R030": _late_winner,
    "R035": _others_disqualified,
    "R036": _lowest_disqualified,
    "R058": _far,
}

LOOK_ALIKES: tuple[tuple[str, str, Planting], ...] = (
    ("R003", "正好十五日", _fifteen_days),
    ("R003", "有限或直接采购,三日", _limited_short),
    ("R003", "截止早于开始(数据错误)", _end_before_start),
    ("R003", "已取消,五日", _cancelled),
    ("R018", "直接采购一家", _single_direct),
    ("R018", "缺投标人数,实有两家", _number_missing),
    ("R024", "高百分之五", _five_percent),
    ("R024", "中标者并非最低", _winner_not_lowest),
    ("R024", "两家同时中标", _two_awards),
    ("R024", "接近的一家被否决", _close_disqualified),
    ("R024", "接近的一家用另一币种", _close_in_dollars),
    ("R028", "同一家两次同价", _same_price_one_bidder),
    ("R028", "币种不同数字相同", _same_number_two_currencies),
    ("R028", "其中一家已撤回", _same_price_withdrawn),
    ("R028", "占位价格一元", _placeholder_prices),
    ("R030", "迟到者未中标", _late_loser),
    ("R030", "迟到者被否决", _late_disqualified),
    ("R030", "时区不同,实际未迟", _late_only_as_text),
    ("R030", "截止时刻送达", _at_the_deadline),
    ("R030", "截止只写到日", _deadline_is_a_day),
    ("R035", "尚有两家有效", _two_left),
    ("R035", "唯一有效者未中标", _valid_one_lost),
    ("R035", "尚未定标", _award_pending),
    ("R035", "被否决的是中标者自己的另一报价", _own_second_bid),
    ("R035", "其余均为撤回", _rest_withdrawn),
    ("R036", "综合评分", _rated_criteria),
    ("R036", "最低者撤回", _lowest_withdrawn),
    ("R036", "同价有效", _shared_lowest),
    ("R036", "没有生效的定标", _unsettled),
    ("R036", "最低价用另一币种", _lowest_in_dollars),
    ("R058", "高百分之八", _eight_percent),
    ("R058", "高出很多的是第三家", _third_far),
    ("R058", "高出很多的一家被否决", _far_disqualified),
)
