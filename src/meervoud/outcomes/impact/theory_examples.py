"""An empty theory of change begins from an example; its groups come along where step 2 is empty."""

from django.db import transaction

from meervoud.core.errors import ConflictError
from meervoud.files.impact.examples import Example, example_content
from meervoud.outcomes.impact.book import Book, Content
from meervoud.outcomes.impact.theory_edits import keep_theory, start_from
from meervoud.outcomes.impact.writing import keep_step
from meervoud.outcomes.models import Step
from meervoud.parties.models import Person


@transaction.atomic
def take_example(*, book: Book, example: Example, edits: int, by: Person) -> None:
    """Draw an example in an empty theory of change.

    Where step 2 has groups already, or is locked, an outcome is for nobody until somebody says for whom.

    Args:
        book: of the plan.
        example: which.
        edits: how often the theory was kept before, as the writer saw it.
        by: the writer.

    Raises:
        ConflictError: something is drawn already, the step is locked, or somebody else has kept it since.
    """
    if book.rows(Step.THEORY, "nodes"):
        raise ConflictError("Something is drawn already. An example can only begin an empty drawing.")
    found = example_content(example)
    groups = [*book.rows(Step.STAKEHOLDERS, "stakeholders")]
    if not groups and not book.is_locked(Step.STAKEHOLDERS):
        groups = found["stakeholders"]
        before = book.versions.get(Step.STAKEHOLDERS)
        content: Content = {"wishes": [], **book.content(Step.STAKEHOLDERS), "stakeholders": groups}
        keep_step(plan=book.plan, step=Step.STAKEHOLDERS, content=content, edits=before.edits if before else 0, by=by)
    known = {each["id"] for each in groups}
    nodes = [
        {**each, "stakeholders": [group for group in each["stakeholders"] if group in known]}
        for each in found["theory"]["nodes"]
    ]
    drawn = start_from(book.content(Step.THEORY), {**found["theory"], "nodes": nodes})
    keep_theory(book=book, content=drawn, edits=edits, by=by)
