"""Build a city: set the scenes, then let residents, firms and villages stream by and write every department's files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from xiezhi.city.cast import Cast
from xiezhi.city.dice import Dice
from xiezhi.city.ledger import Ledger
from xiezhi.city.people import People, Residents
from xiezhi.city.places import Map
from xiezhi.city.plan import BLOCK, CityPlan
from xiezhi.city.scenes import assistance, bidding, canteen, insurance, medical, purchasing, subsidy, village
from xiezhi.city.stage import Stage
from xiezhi.city.streams import market, payments, registers, releases, services, villages
from xiezhi.kernel.errors import UserError
from xiezhi.kernel.progress import Progress, Silent

MANIFEST = "city.json"


@dataclass(frozen=True)
class Built:
    """What was written: rows by table, planted and look-alikes by rule, faults by family."""

    folder: str
    persons: int
    seed: int
    files: int
    rows: dict[str, int]
    planted: dict[str, int]
    look_alikes: dict[str, int]
    faults: dict[str, int]


def build(
    folder: Path, *, persons: int, seed: int, payments: int = 0, progress: Progress | None = None, quiet: bool = False
) -> Built:
    """Write the deliveries of a city into `folder` (new or empty), with truth.csv, faults.csv and city.json.

    The same arguments give the same bytes. `payments` 0: as many as come of 35 in a hundred persons drawing something. In a
    `quiet` city nothing is planted: no model has anything to say of it.
    """
    map_, dice = Map(persons), Dice(seed)
    _make_room(folder)
    (folder / ".xiezhi-ignore").write_text(f"truth.csv\nfaults.csv\n{MANIFEST}\n", "utf-8")
    watch = progress or Silent()
    with Ledger(folder) as ledger:
        cast, people = Cast(dice, map_), People(dice, map_)
        stage = Stage(map_, dice, cast, ledger)
        if not quiet:
            _set_scenes(stage, people)
        plan = CityPlan(folder, map_, dice, people, cast, ledger, payments)
        _write_small_tables(plan, watch)
        releases.write_releases(plan, 0 if quiet else stage.many)
        _write_registers(plan, watch)
        _deliver_twice(plan)
    return _told(folder, persons, seed, ledger)


def _set_scenes(stage: Stage, people: People) -> None:
    insurance.plant(stage, people)
    for scene in (subsidy, assistance, medical, canteen, bidding, village, purchasing):
        scene.plant(stage)


def _write_small_tables(plan: CityPlan, watch: Progress) -> None:
    steps: tuple[Callable[[CityPlan], None], ...] = (
        payments.write_items,
        villages.write_regions,
        villages.write_cadres,
        villages.write_village_projects,
        villages.write_canteens,
        market.write_enterprises,
        market.write_roles,
        market.write_lots,
        market.write_purchases,
    )
    for place, step in enumerate(steps):
        watch.step("city", place, len(steps), step.__name__.removeprefix("write_"))
        step(plan)


class Register(Protocol):
    """Files open while residents stream by."""

    def take(self, people: Residents) -> None: ...

    def close(self) -> None: ...


def _write_registers(plan: CityPlan, watch: Progress) -> None:
    """One pass over the residents, county by county; the registers of the whole city stay open throughout."""
    whole: list[Register] = [
        registers.Deaths(plan),
        registers.Payroll(plan),
        registers.Dibao(plan),
        services.HouseInsurance(plan),
    ]
    for county in range(3):
        own: list[Register] = [
            payments.Payments(plan, county),
            registers.Population(plan, county),
            services.Medical(plan, county),
        ]
        first, last = plan.map.persons_of_county(county)
        for start in range(first, last, BLOCK):
            watch.step("city", start, plan.map.persons, f"county {county + 1}")
            people: Residents = plan.people.block(start, min(start + BLOCK, last))
            for stream in (*own, *whole):
                stream.take(people)
        for stream in own:
            stream.close()
    for register in whole:
        register.close()


def _deliver_twice(plan: CityPlan) -> None:
    """One file comes again under another name."""
    first = plan.root / "finance" / registers.payroll_file(registers.PAYROLL_TWICE)
    again = first.with_stem(f"{first.stem}(重新报送)")
    shutil.copyfile(first, again)
    plan.ledger.fault(again.relative_to(plan.root).as_posix(), "", "", "", "file_repeated", "duplicate")


def _make_room(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise UserError(
            "XZ-CITY-03",
            zh=f"{folder} 不是空目录",
            en=f"{folder} is not empty",
            todo_zh="换一个目录,或先清空它",
            todo_en="choose another folder, or empty this one first",
        )
    folder.mkdir(parents=True, exist_ok=True)


def _told(folder: Path, persons: int, seed: int, ledger: Ledger) -> Built:
    roles = {
        role: {rule: count for (rule, kind), count in sorted(ledger.truths.items()) if kind == role}
        for role in ("planted", "look_alike")
    }
    files = sum(path.is_file() for path in folder.glob("*/*"))
    built = Built(
        str(folder),
        persons,
        seed,
        files,
        dict(ledger.rows),
        roles["planted"],
        roles["look_alike"],
        dict(sorted(ledger.faults.items())),
    )
    told = {name: value for name, value in asdict(built).items() if name != "folder"}
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return built
