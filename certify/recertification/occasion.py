"""Whether a partial run has an occasion: something that changed since the certificate on which it is to stand.

Without one it would ask again what had not passed, and carry over whatever had, however long ago: the second attempt
that a failure deserves is a whole run. An occasion is another contract, playbook, suite, profile or certify; a
criterion whose day came; a check that is asked for now and was not then.
"""

from __future__ import annotations

from datetime import UTC, datetime

from certify.model.plan import Plan
from certify.recertification.demands import came_due
from certify.recertification.since import Since, SinceError
from certify.recertification.staleness import PARTS

_DIGESTS = (*PARTS, "profile")


def demand_an_occasion(plan: Plan, since: Since) -> None:
    """Raise :class:`SinceError` where nothing changed."""
    if not (_rewritten(plan, since) or _more_asked(plan, since)):
        why = f"nothing changed since {since.certificate.id}, and no more is asked for than then"
        raise SinceError(since.path, why)


def _rewritten(plan: Plan, since: Since) -> bool:
    then = since.certificate
    return plan.versions.get("certify") != then.versions.get("certify") or any(
        plan.digests.get(part) != then.digests.get(part) for part in _DIGESTS
    )


def _more_asked(plan: Plan, since: Since) -> bool:
    """A check that did not run then, or that another text declares now; or a pending criterion that blocks now."""
    suites = {check.id: check.suite for check in since.report.checks}
    asked = [item.check for item in plan.checks if item.blocked is None]
    today = datetime.fromtimestamp(plan.started, UTC).date()
    return came_due(plan.playbook, since.certificate.started, today) or any(
        suites.get(check.id) != check.digest for check in asked
    )
