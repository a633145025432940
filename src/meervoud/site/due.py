"""What the platform does by the clock: short things at once, slow ones as tasks."""

import logging
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from django.db import InterfaceError, OperationalError

from meervoud.agreements.drafts import withdraw_expired
from meervoud.demand.actions import expire_requests
from meervoud.lib.chain import log_head
from meervoud.matching.answering import expire_proposals
from meervoud.matching.asking import ask_those_who_wait
from meervoud.matching.lead_lists import drop_old_lists
from meervoud.matching.tasks import enqueue_looks, pick_up_runs
from meervoud.matching.visits import remind_of_visits
from meervoud.outcomes.impact.forgetting import forget_old_answers
from meervoud.outcomes.past_imports import drop_old_sheets
from meervoud.outcomes.tasks import pick_up_past_sheets
from meervoud.parties.digests import write_digests
from meervoud.parties.models import Person
from meervoud.parties.privacy import forget
from meervoud.parties.served import people_to_forget
from meervoud.site.imports.runs import drop_old_imports, forget_old_changes
from meervoud.site.imports.tasks import pick_up_imports
from meervoud.site.tasks import enqueue_calendars, enqueue_mails, forget_old_tasks
from meervoud.supply.calendar import release_expired_holds
from meervoud.supply.host_calendars import due_calendars
from meervoud.usage.checking_in import ask_how_it_went, settle_in_silence
from meervoud.usage.plan_changes import expire_changes
from meervoud.usage.running import end_what_is_over, look_after_trials, remind_of_ends, start_what_begins
from meervoud.usage.sheet_mail import due_sheets
from meervoud.usage.standing_in import expire_stand_ins
from meervoud.usage.waiting import expire_waits

logger = logging.getLogger(__name__)
FAILED: Final = -1


def do_what_is_due(*, now: datetime, today: date) -> dict[str, int]:
    """Do each thing once, and return how many there were; doing it again at once does nothing.

    One that fails is logged, counts as FAILED, and keeps none of the others from being done; it is tried again next time.

    Raises:
        OperationalError, InterfaceError: the database is away, so nothing else could be done either.
    """
    done: dict[str, int] = {}
    for name, deed in _deeds(now, today).items():
        try:
            done[name] = deed()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("By the clock: %s failed.", name)
            done[name] = FAILED
    return done


def _deeds(now: datetime, today: date) -> dict[str, Callable[[], int]]:
    return {
        "holds expired": lambda: release_expired_holds(now=now),
        "match runs picked up": pick_up_runs,
        "looks at proposals": enqueue_looks,
        "proposals expired": lambda: expire_proposals(now=now),
        "drafts that nobody signed in time": lambda: withdraw_expired(now=now),
        "hosts asked in turn": lambda: ask_those_who_wait(now=now),
        "changes of plans expired": lambda: expire_changes(now=now),
        "other rooms not answered": lambda: expire_stand_ins(now=now),
        "offers to who waits passed": lambda: expire_waits(now=now),
        "sheets of buildings mailed": lambda: due_sheets(now=now),
        "moments asked about": lambda: ask_how_it_went(now=now),
        "moments that nobody objected to": lambda: settle_in_silence(now=now),
        "agreements in use from now on": lambda: start_what_begins(now=now),
        "trial evenings looked after": lambda: look_after_trials(now=now),
        "agreements ended": lambda: end_what_is_over(now=now),
        "ends and reviews reminded of": lambda: remind_of_ends(now=now),
        "requests expired": lambda: expire_requests(today=today),
        "sheets forgotten": lambda: drop_old_imports(now=now) + forget_old_changes(now=now),
        "sheets of use from before dropped": lambda: drop_old_sheets(now=now),
        "sheets of use from before picked up": lambda: pick_up_past_sheets(now=now),
        "lists of places forgotten": lambda: drop_old_lists(now=now),
        "answers of surveys forgotten": lambda: forget_old_answers(today=today),
        "people forgotten": lambda: forget_unclaimed(today),
        "tasks forgotten": lambda: forget_old_tasks(now=now),
        "visits reminded of": lambda: remind_of_visits(now=now),
        "digests written": lambda: write_digests(now=now),
        "mail tasks": lambda: enqueue_mails(now=now),
        "calendar tasks": lambda: enqueue_calendars(due_calendars(now), now=now),
        "imports picked up": lambda: pick_up_imports(now=now),
        "heads of the journal logged": lambda: log_head(now=now),
    }


def forget_unclaimed(today: date) -> int:
    """Erase the people whose record nobody claimed in time, and return how many."""
    late = list(Person.objects.filter(pk__in=people_to_forget(today), is_active=True))
    for person in late:
        forget(person=person, by=None)
    return len(late)
