"""Deposits of rival bidders from one account or one payer (BID-090)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from xiezhi.city.cast import Firm
from xiezhi.city.stage import Stage

RULE = "BID-090"


def plant(stage: Stage) -> None:
    """All scenes of BID-090."""
    for turn in range(stage.many):
        low, high, own = (stage.cast.firm() for _ in range(3))
        lot = _lot(stage, turn, [(high, 9_400), (low, 9_100), (own, 9_700)], {high: (low.name, low.account)})
        stage.planted(RULE, "A", low, counterpart=("company", high.company), lot_no=lot, note="同一账号")
        low, high, own = (stage.cast.firm() for _ in range(3))
        lot = _lot(stage, turn, [(own, 9_000), (high, 9_600), (low, 9_200)], {high: (low.name, high.account)})
        stage.planted(RULE, "B", low, counterpart=("company", high.company), lot_no=lot, note="对手付款")
    for turn in range(stage.few):
        _look_alikes(stage, turn)
    _guarantor(stage)


def _look_alikes(stage: Stage, turn: int) -> None:
    first, second, third = (stage.cast.firm() for _ in range(3))
    lot = _lot(stage, turn, [(first, 9_100), (second, 9_300), (third, 9_500)], {})
    stage.look_alike(RULE, first, "同一银行相邻账号", counterpart=("company", second.company), lot_no=lot)
    first, second, third, fourth = (stage.cast.firm() for _ in range(4))
    lot = _lot(stage, turn, [(first, 9_100), (third, 9_300)], {})
    _lot(stage, turn + 1, [(second, 9_200), (fourth, 9_350)], {second: (first.name, first.account)})
    stage.look_alike(RULE, first, "同一账号,不同标段", counterpart=("company", second.company), lot_no=lot)
    first, second, third = (stage.cast.firm() for _ in range(3))
    lot = _lot(stage, turn, [(first, 9_150), (second, 9_250)], {}, unpaid={second})
    stage.look_alike(RULE, first, "对手以保函代替保证金", counterpart=("company", second.company), lot_no=lot)


def _guarantor(stage: Stage) -> None:
    """One guarantee company pays for more than thirty bidders, as is its trade."""
    payer = stage.cast.firm(name="霁川融信担保有限公司")
    for turn in range(14):
        firms = [stage.cast.firm() for _ in range(3)]
        bids = [(firm, 9_000 + 150 * place + turn) for place, firm in enumerate(firms)]
        lot = _lot(stage, turn, bids, dict.fromkeys(firms, (payer.name, payer.account)))
        if turn < max(3, stage.few):
            stage.look_alike(RULE, firms[0], "担保公司代缴", counterpart=("company", firms[1].company), lot_no=lot)


def _lot(
    stage: Stage, turn: int, bids: list[tuple[Firm, int]], payers: dict[Firm, tuple[str, str]], unpaid: set[Firm] | None = None
) -> str:
    """A lot with its bids (price in units of 100 yuan) and deposits; returns its number."""
    number = stage.cast.serial("BDX")
    opened = datetime(2025, 3, 4, 9, 30) + timedelta(days=turn % 250)
    stage.cast.add(
        "tender_lot",
        lot_no=number,
        tenderer=stage.cast.organ(),
        title=f"霁川市零星工程{number}标段",
        category="工程",
        limit_price=100_000_000,
        notice_date=date(2025, 2, 8) + timedelta(days=turn % 250),
        open_time=opened,
    )
    lowest = min(price for _, price in bids)
    for firm, price in bids:
        stage.cast.add(
            "bid", lot_no=number, bidder=firm.company, bidder_name=firm.name, price=price * 10_000, won=price == lowest
        )
        if unpaid and firm in unpaid:
            continue
        name, account = payers.get(firm, (firm.name, firm.account))
        stage.cast.add(
            "bid_deposit",
            lot_no=number,
            bidder=firm.company,
            payer_name=name,
            payer_account=account,
            amount=2_000_000,
            paid_at=opened - timedelta(days=2, hours=turn % 7),
        )
    return number
