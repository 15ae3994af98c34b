"""What stands before every door: sessions, factors, proof, posts that count."""

from __future__ import annotations

from tests.web.matrix.planted.omission import AGAIN, A, Omission, R, door, gate

GATE = (
    Omission(
        "opening an identity from a screen left open",
        R + "views/requests.py",
        "@stepped_up\ndef open_value",
        "def open_value",
        AGAIN,
    ),
    Omission("granting a post from a screen left open", A + "views/granting.py", "@stepped_up\ndef grant(", "def grant(", AGAIN),
    Omission("issuing a token from a screen left open", "api/views/tokens.py", "@stepped_up\ndef issue", "def issue", AGAIN),
    Omission(
        "setting a clearance from a screen left open",
        A + "views/granting.py",
        "@stepped_up\ndef clearance(",
        "def clearance(",
        AGAIN,
    ),
    Omission(
        "proof that never gets old", A + "session.py", "now - proven < PROVEN_FOR", "now - proven < PROVEN_FOR * 1000", AGAIN
    ),
    Omission(
        "proof that nobody gave",
        A + "session.py",
        "    return proven is not None and timedelta(0) <= now - proven",
        "    return proven is None or timedelta(0) <= now - proven",
        AGAIN,
    ),
    Omission(
        "work without a second factor",
        A + "middleware.py",
        "        return redirect(missing) if missing else self.get_response(request)",
        "        return self.get_response(request)",
        gate("second_factor"),
    ),
    Omission(
        "work with the password somebody else chose",
        A + "middleware.py",
        "    if not session.elsewhere(request.session) and due(user, clock.now()):",
        "    if session.elsewhere(request.session) and due(user, clock.now()):",
        gate("second_factor"),
    ),
    Omission(
        "sessions of disabled accounts go on",
        A + "session.py",
        "    if not user.is_active or user.duty == Duty.MACHINE:",
        "    if user.duty == Duty.MACHINE:",
        door("workbench or notices"),
    ),
    Omission(
        "sessions of expired accounts go on",
        A + "session.py",
        "    if user.has_expired(clock.local(now).date()):",
        "    if user.has_expired(clock.local(now).date()) and not user.is_active:",
        door("workbench or notices"),
    ),
    Omission(
        "a machine's session in a browser",
        A + "session.py",
        "    if not user.is_active or user.duty == Duty.MACHINE:",
        "    if not user.is_active:",
        door("workbench or notices"),
    ),
    Omission(
        "a machine signs in with a password", A + "backends.py", " and user.duty != Duty.MACHINE", "", gate("with_a_password")
    ),
    Omission(
        "sessions without an absolute end", A + "session.py", " or now - began >= limit.absolute:", ":", gate("session_ends")
    ),
    Omission(
        "sessions left alone go on",
        A + "session.py",
        '    return "idle" if now - seen >= limit.idle else ""',
        '    return ""',
        gate("session_ends"),
    ),
    Omission(
        "a post that is over still counts",
        A + "viewer.py",
        "    held = Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gt=today))",
        "    held = Q(starts_on__lte=today)",
        door("workbench or alerts"),
    ),
    Omission(
        "a post counts before it begins",
        A + "viewer.py",
        "    held = Q(starts_on__lte=today) & (",
        "    held = (",
        door("workbench or alerts"),
    ),
    Omission(
        "sign-in links at a site",
        A + "views/links.py",
        "    if not settings.XIEZHI_DEMO or not _from_here(request)",
        "    if not _from_here(request)",
        gate("sign_in_link"),
    ),
    Omission(
        "the wizard again, for whoever has its link",
        A + "views/setup.py",
        "    if not first_run.open_site() or not links.opens(secret):",
        "    if not links.opens(secret):",
        gate("wizard"),
    ),
    Omission(
        "an administrator disables and enables themselves",
        A + "actions/people.py",
        "    if by.user_id is not None and by.user_id == user_id:",
        "    if by.user_id is not None and by.user_id == -user_id:",
        gate("own_account"),
    ),
)
