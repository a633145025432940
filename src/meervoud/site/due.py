"""What the platform does by the clock: short things at once, slow ones as tasks."""

from datetime import date, datetime

from meervoud.agreements.drafts import withdraw_expired
from meervoud.demand.actions import expire_requests
from meervoud.lib.chain import log_head
from meervoud.matching.answering import expire_proposals
from meervoud.matching.asking import ask_those_who_wait
from meervoud.matching.lead_lists import drop_old_lists
from meervoud.matching.tasks import enqueue_looks, pick_up_runs
from meervoud.matching.visits import remind_of_visits
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


def do_what_is_due(*, now: datetime, today: date) -> dict[str, int]:
    """Do each thing once, and return how many there were; doing it again at once does nothing."""
    return {
        "holds expired": release_expired_holds(now=now),
        "match runs picked up": pick_up_runs(),
        "looks at proposals": enqueue_looks(),
        "proposals expired": expire_proposals(now=now),
        "drafts that nobody signed in time": withdraw_expired(now=now),
        "hosts asked in turn": ask_those_who_wait(now=now),
        "changes of plans expired": expire_changes(now=now),
        "other rooms not answered": expire_stand_ins(now=now),
        "offers to who waits passed": expire_waits(now=now),
        "sheets of buildings mailed": due_sheets(now=now),
        "moments asked about": ask_how_it_went(now=now),
        "moments that nobody objected to": settle_in_silence(now=now),
        "agreements in use from now on": start_what_begins(now=now),
        "trial evenings looked after": look_after_trials(now=now),
        "agreements ended": end_what_is_over(now=now),
        "ends and reviews reminded of": remind_of_ends(now=now),
        "requests expired": expire_requests(today=today),
        "sheets forgotten": drop_old_imports(now=now) + forget_old_changes(now=now),
        "lists of places forgotten": drop_old_lists(now=now),
        "people forgotten": forget_unclaimed(today),
        "tasks forgotten": forget_old_tasks(now=now),
        "visits reminded of": remind_of_visits(now=now),
        "digests written": write_digests(now=now),
        "mail tasks": enqueue_mails(now=now),
        "calendar tasks": enqueue_calendars(due_calendars(now), now=now),
        "imports picked up": pick_up_imports(now=now),
        "heads of the journal logged": log_head(now=now),
    }


def forget_unclaimed(today: date) -> int:
    """Erase the people whose record nobody claimed in time, and return how many."""
    late = list(Person.objects.filter(pk__in=people_to_forget(today), is_active=True))
    for person in late:
        forget(person=person, by=None)
    return len(late)
