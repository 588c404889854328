"""Which session a frame belongs to whose server names sessions, but left the name out.

The Things Stack names sessions (``session_key_id``) in what it publishes, and not in what its Storage Integration
gives: there only the DevAddr tells them apart. So the DevAddr of a named session is remembered, and a line that began
without a name gets it as soon as a frame or a join tells it.
"""

from msgspec.structs import replace

from domain.radio.frame_account import FrameAccount
from domain.radio.sessions import LineName, line_of
from domain.radio.uplink import Uplink


def line_among(uplink: Uplink, known: FrameAccount) -> LineName:
    """Return the line to which a frame belongs, by its name, else by the name that its DevAddr is known to have."""
    line = line_of(uplink)
    if line.is_named or not line.name:
        return line
    name = _segment_name(uplink, known) or _join_name(uplink, known)
    return LineName(name, is_named=True, dev_addr=uplink.dev_addr) if name else line


def with_name(session: str, dev_addr: str, known: FrameAccount) -> FrameAccount:
    """Return the account with the frames of ``dev_addr`` that came without a name put under ``session``."""
    if not session or not dev_addr:
        return known
    names = {each.session for each in known.segments}
    if session in names or dev_addr not in names:
        return known
    named = [
        replace(each, session=session, dev_addr=dev_addr) if each.session == dev_addr else each
        for each in known.segments
    ]
    return replace(known, segments=tuple(named))


def _segment_name(uplink: Uplink, known: FrameAccount) -> str:
    """Return the session that had the frame's DevAddr at its time; of those that began later the first."""
    alike = [each for each in known.segments if each.dev_addr == uplink.dev_addr]
    begun = [each for each in alike if each.start_ns <= uplink.network_ns]
    return begun[-1].session if begun else alike[0].session if alike else ""


def _join_name(uplink: Uplink, known: FrameAccount) -> str:
    """Return the session of the latest join with the frame's DevAddr."""
    return next(
        (join.session for join in reversed(known.joins) if join.session and join.dev_addr == uplink.dev_addr), ""
    )
