"""How an import ended: a mail to the person who has long left the page."""

from typing import Final

from meervoud.parties.mail import Letter, write_to
from meervoud.site.models.imports import ImportRun

LARGE: Final = 500  # rows; a smaller one is done while the person still looks at it


def tell_the_end(run: ImportRun) -> None:
    """Write to whoever confirmed or undid a large import, in the transaction that ends it."""
    if run.ordered_by is not None and run.rows_read > LARGE:
        gaps = {"run": str(run.pk), "file": run.file_name, "state": run.state, "ending": run.ending}
        write_to(run.ordered_by, Letter("import_ended", gaps))
