"""What network servers themselves say of a device, in the step: joins, their own readings, lines of their log."""

from application.ports.uplink_log import RawUplink
from application.processing.payload_reading import reported_by_server
from application.processing.unfinished import Accounts, Unfinished
from domain.device import DeviceMemory, LatestRows
from domain.radio import Activation, DayCalendar, FrameAccount, ServerNotice, ServerReport, activate, note

_NO_FRAMES = FrameAccount()
Words = Activation | ServerReport | ServerNotice


class ServerWords:
    """Knows what a day is."""

    def __init__(self, calendar: DayCalendar) -> None:
        self._calendar = calendar

    def take(self, run: Unfinished, offset: int, raw: RawUplink, words: Words, known: DeviceMemory) -> None:
        """Work a message into ``run``."""
        accounts, latest = known.accounts, known.latest
        if isinstance(words, Activation):
            accounts = self._activation(run, words, accounts)
        elif isinstance(words, ServerReport):
            latest = _report(run, raw, words, known)
        else:
            accounts = self._notice(run, words, accounts)
        run.outcome.memory[words.dev_eui] = DeviceMemory(
            offset,
            known.device,
            accounts,
            known.context,
            latest,
            max(known.last_seen_ns, words.network_ns),
            max(known.written_us + 1, raw.received_us),
        )

    def _activation(self, run: Unfinished, activation: Activation, accounts: Accounts) -> Accounts:
        before = accounts.get(activation.source, _NO_FRAMES)
        frames = activate(activation, before, self._calendar)
        if frames is before:
            run.counts.redelivered += 1
        else:
            run.outcome.activations.append(activation)
            run.counts.out += 1
        return {**accounts, activation.source: frames}

    def _notice(self, run: Unfinished, notice: ServerNotice, accounts: Accounts) -> Accounts:
        run.counts.out += 1
        run.counts.notices[notice.code] += 1
        frames = note(notice, accounts.get(notice.source, _NO_FRAMES), self._calendar)
        return {**accounts, notice.source: frames} if frames is not _NO_FRAMES else accounts


def _report(run: Unfinished, raw: RawUplink, report: ServerReport, known: DeviceMemory) -> LatestRows:
    """Take over what the server measured: its own readings, at its own time."""
    run.counts.out += 1
    return run.observe(reported_by_server(report, raw.received_us, known.device.device_type), known.latest)
