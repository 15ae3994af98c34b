"""Who is in the directory that tests sign in at."""

from __future__ import annotations

BASE = "ou=people,dc=example,dc=cn"
SEARCHER, SEARCHERS_PASSWORD = "cn=xiezhi,dc=example,dc=cn", "searcher's own"
PASSWORD = "Jade 77 harbour_目录"

PEOPLE: tuple[tuple[str, dict[str, str | list[str]]], ...] = (
    ("officer", {"employeeNumber": "0417"}),
    ("0417", {"employeeNumber": "0417", "userAccountControl": "512", "accountExpires": "9223372036854775807"}),
    ("stranger", {"employeeNumber": "9999"}),
    ("town", {"employeeNumber": "0418"}),
    ("left", {"employeeNumber": "0417", "userAccountControl": "514"}),
    ("expired", {"employeeNumber": "0417", "userAccountControl": "512", "accountExpires": "133000000000000000"}),
    ("lapsed", {"employeeNumber": "0417", "shadowExpire": "19000"}),
    ("locked", {"employeeNumber": "0417", "nsAccountLock": "TRUE"}),
    ("garbled", {"employeeNumber": "0417", "userAccountControl": "yes"}),
    ("numberless", {}),
    ("numbered", {"employeeNumber": ["0417", "0419"]}),
    ("longer", {"employeeNumber": "04170"}),
    ("star*(star)", {"employeeNumber": "0417"}),
    ("李四", {"employeeNumber": "0417"}),
)
ODD = 'cn=Li\\, Si \\+ \\"x\\",ou=people,dc=example,dc=cn'
"""A DN with what separates DNs in it."""

TWINS = ("ou=east", "ou=west")
"""Two people of one name, in two departments."""


def entries() -> str:
    def entry(dn: str, **values: str | list[str]) -> str:
        lines = [f"dn: {dn}", "objectClass: person"]
        for name, given in values.items():
            lines += [f"{name}: {value}" for value in (given if isinstance(given, list) else [given])]
        return "\n".join(lines) + "\n\n"

    def unit(dn: str) -> str:
        return entry(dn, ou=dn.partition("=")[2].partition(",")[0])

    people = [
        entry(f"cn=p{place},{BASE}", uid=uid, userPassword=PASSWORD, **values) for place, (uid, values) in enumerate(PEOPLE)
    ]
    twins = [
        unit(f"{one},{BASE}") + entry(f"cn=twin,{one},{BASE}", uid="twin", employeeNumber="0417", userPassword=PASSWORD)
        for one in TWINS
    ]
    odd = entry(ODD, uid="odd", employeeNumber="0417", userPassword=PASSWORD)
    searcher = entry(SEARCHER, cn="xiezhi", userPassword=SEARCHERS_PASSWORD)
    return "".join((entry("dc=cn", dc="cn"), entry("dc=example,dc=cn", dc="example"), unit(BASE), searcher, *people, *twins, odd))
