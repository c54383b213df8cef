"""In the job: every interaction becomes evidence, a tally, and where a check failed a candidate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from certify.http.call import parse_json
from certify.http.credentials import Credentials, without_query
from certify.http.redaction import SECRET_HEADERS
from certify.model.exchange import Headers
from certify.sources.contract import engine
from certify.sources.contract.candidates import NO_ANSWER, OUR_OWN, Candidate, JobReport, Sample, Tally
from certify.sources.contract.causes import Collector
from certify.sources.contract.config import Settings
from certify.sources.contract.engine import Seen
from certify.sources.contract.facts import OperationFacts
from certify.sources.contract.false_alarms import explain
from certify.sources.contract.jobs import Job
from certify.sources.contract.mapping import CREDENTIALS, INVALID, VALID
from certify.sources.contract.own import own_ids
from certify.sources.contract.standing import Step
from certify.sources.contract.tape import Tape
from certify.sources.contract.turns import Turns
from certify.sources.contract.volume import BUDGET

_WIRE_HEADERS = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
)
_ANSWER_KEPT = 4096
_REMEMBERED = 2_000
"""Things whose creation is kept at most, for each job."""


@dataclass
class _Count:
    """A tally in the making."""

    cases: int = 0
    probes: int = 0
    lost: int = 0
    by_phase: Counter[str] = field(default_factory=Counter)
    positive: Counter[str] = field(default_factory=Counter)
    negative: Counter[str] = field(default_factory=Counter)


class Reporter:
    """Takes the engine's events. Nothing in here may raise into the engine: an exception would end its run."""

    def __init__(self, settings: Settings, job: Job, turns: Turns, tape: Tape) -> None:
        self._settings, self._job, self._tape = settings, job, tape
        self._counts: dict[str, _Count] = {}
        self._collector = Collector()
        self._dropped: dict[str, Counter[str]] = {}
        self._errors: dict[str, str] = {}
        self._stop_reason, self._ended, self._turns = "", "", turns
        self._secret = SECRET_HEADERS | {name.lower() for name in settings.secret_headers}
        self._in_query: set[str] = set()
        self._signed = False
        self._key_names = settings.key_names
        self._keys: set[tuple[str, str]] = set()
        self._made: dict[str, Sample] = {}

    def signed(self, credentials: Credentials) -> None:
        """Remember what signs requests, so that no trace of it is recorded."""
        self._signed = bool(credentials.headers or credentials.query or credentials.cookies or credentials.sign)
        self._secret |= {name.lower() for name in credentials.headers}
        self._in_query |= {name for name, _ in credentials.query}
        for value in credentials.secrets():
            self._tape.redactor.learn(value)

    def handle(self, event: Any) -> None:
        """Dispatch one event of the engine by the name of its class."""
        handler: dict[str, Callable[[Any], None]] = {
            "ScenarioFinished": self._scenario,
            "NonFatalError": self._error,
            "FatalError": self._error,
            "EngineFinished": self._finished,
        }
        try:
            handler.get(type(event).__name__, lambda _: None)(event)
        except Exception as error:
            self._errors[OUR_OWN] = f"{type(error).__name__}: {error}"

    def end(self, reason: str) -> None:
        """We end the engine's run ourselves, for this reason; what it says of that end is of no interest."""
        self._ended = self._ended or reason

    def report(self, exit_code: int, steps: Iterable[Step] = ()) -> JobReport:
        """Everything, once the engine has returned."""
        self._tape.close()
        if self._turns.spent:
            self.end(BUDGET)
        nothing_to_do = exit_code == 2 and self._stop_reason == "completed" and not self._errors
        # NOTE: the engine exits with 2 where no case was made, for example in the stateful phase without any link.
        exit_code = 0 if self._ended or nothing_to_do else exit_code
        self._stop_reason = self._ended or self._stop_reason
        complete = exit_code in (0, 1) and self._stop_reason == "completed" and OUR_OWN not in self._errors
        return JobReport(
            job=self._job.name,
            complete=complete,
            stop_reason=self._stop_reason,
            tallies=tuple(_tally(label, count) for label, count in self._counts.items()),
            causes=self._collector.causes(),
            dropped={check: dict(rules) for check, rules in self._dropped.items()},
            errors=self._errors,
            exit_code=exit_code,
            steps=tuple(steps),
            budget=self._turns.spent,
        )

    def _scenario(self, event: Any) -> None:
        for seen in engine.interactions(event):
            self._count(seen)
            again = self._reused_key(seen)
            exchange = self._record(seen)
            self._remember(seen, exchange)
            for failure in seen.failures:
                sample = self._without_secrets(self._with_history(self._sample(seen, exchange)), seen)
                detail = {name: self._tape.redactor.text(value) for name, value in failure.detail.items()}
                detail |= {"reused_key": "yes"} if again else {}
                sample = replace(sample, wrong=detail.get("description", ""))
                self._consider(Candidate(failure.check, failure.kind, seen.label, sample, detail))
            if seen.response is None and not seen.probe and seen.method == seen.label.split(" ", 1)[0]:
                lost = self._with_history(self._sample(seen, exchange))
                self._consider(Candidate("not_a_server_error", NO_ANSWER, seen.label, lost, {"mode": seen.mode}))
        self._tape.flush()

    def _remember(self, seen: Seen, exchange: str) -> None:
        """Keep how a thing was made, by its id: whoever fails on it may need it made again."""
        answer = seen.response
        if seen.method != "POST" or seen.probe or answer is None or not 200 <= answer.status < 300:
            return
        body = parse_json(answer.body)
        for made in own_ids(body) if isinstance(body, dict) else ():
            if len(self._made) < _REMEMBERED:
                self._made[made] = self._sample(seen, exchange)

    def _with_history(self, sample: Sample) -> Sample:
        """The sample with the creations of what its path names, unless the engine told its way."""
        if sample.before:
            return sample
        segments = [unquote(segment) for segment in urlsplit(sample.url).path.split("/")]
        return replace(sample, before=tuple(self._made[segment] for segment in segments if segment in self._made))

    def _without_secrets(self, sample: Sample, seen: Seen) -> Sample:
        """The sample without what the partner echoed of credentials: what it says names its cause, which is told.

        Its history keeps all of its answers, by which it is made again, and which are never told.
        """
        redactor, body = self._tape.redactor, seen.response.body if seen.response else ""
        # One that begins within what is kept is whole within this, so a cut does not hide it.
        said = redactor.text(body[: _ANSWER_KEPT + redactor.longest])[:_ANSWER_KEPT]
        return replace(sample, answered=redactor.headers(sample.answered), answer=said)

    def _reused_key(self, seen: Seen) -> bool:
        """Whether the operation has seen the request's idempotency key before."""
        keys = {(seen.label, value) for name, value in seen.request.headers if name.lower() in self._key_names}
        again = bool(keys & self._keys)
        self._keys |= keys
        return again

    def _consider(self, candidate: Candidate) -> None:
        facts = self._settings.facts.get(candidate.label) or OperationFacts(candidate.label, candidate.label)
        excuse = explain(candidate, facts)
        if excuse:
            self._dropped.setdefault(candidate.check, Counter())[excuse] += 1
        else:
            self._collector.add(candidate)

    def _record(self, seen: Seen) -> str:
        facts = self._settings.facts.get(seen.label)
        identity = "anonymous" if self._anonymous(seen) else self._settings.identity
        operation = facts.id if facts else seen.label
        # What a check of the engine sends by itself may carry made-up credentials; only a case carries ours for sure.
        signed = identity if self._signed and identity != "anonymous" and not seen.probe else ""
        return self._tape.record(seen, check=_blame(seen), operation=operation, identity=identity, signed=signed)

    def _count(self, seen: Seen) -> None:
        count = self._counts.setdefault(seen.label, _Count())
        if seen.probe:
            count.probes += 1
            return
        count.cases += 1
        count.by_phase[seen.phase] += 1
        count.lost += seen.response is None
        ordinary = seen.method == seen.label.split(" ", 1)[0] and seen.mode in ("positive", "negative")
        if ordinary and seen.response is not None:
            (count.positive if seen.mode == "positive" else count.negative)[str(seen.response.status)] += 1

    def _sample(self, seen: Seen, exchange: str) -> Sample:
        answer = seen.response
        return Sample(
            exchange=exchange,
            method=seen.request.method,
            url=without_query(seen.request.url, self._in_query),
            headers=self._without_credentials(seen.request.headers),
            body=engine.encoded(seen.body),
            status=answer.status if answer else 0,
            answered=answer.headers if answer else (),
            answer=answer.body[:_ANSWER_KEPT] if answer else "",
            mode=seen.mode,
            phase=seen.phase,
            anonymous=self._anonymous(seen),
            label=seen.label,
            before=tuple(self._sample(step, "") for step in seen.before),
        )

    def _anonymous(self, seen: Seen) -> bool:
        """Whether nothing of a credential is on a request of somebody who has some, not even a made-up one."""
        named = any(name.lower() in self._secret for name, _ in seen.request.headers)
        return self._signed and not named and without_query(seen.request.url, self._in_query) == seen.request.url

    def _without_credentials(self, headers: Headers) -> Headers:
        unwanted = self._secret | _WIRE_HEADERS
        return tuple((name, value) for name, value in headers if name.lower() not in unwanted)

    def _error(self, event: Any) -> None:
        where, what = engine.error_of(event)
        self._errors.setdefault(where or "engine", self._tape.redactor.text(what))

    def _finished(self, event: Any) -> None:
        self._stop_reason = engine.stop_reason_of(event)


def _blame(seen: Seen) -> str:
    """The check of ours that an exchange was sent for."""
    if seen.probe:
        return CREDENTIALS
    return {"positive": VALID, "negative": INVALID}.get(seen.mode, "contract")


def _tally(label: str, count: _Count) -> Tally:
    return Tally(
        label, count.cases, dict(count.by_phase), dict(count.positive), dict(count.negative), count.probes, count.lost
    )
