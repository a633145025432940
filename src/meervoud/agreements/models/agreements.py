"""Agreements, their versions, what each side thinks of one, and what was signed."""

from typing import Final, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.demand.models import Request
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import M, ScopedManager, ScopedQuerySet
from meervoud.matching.models import Proposal, Side
from meervoud.parties.models import Organisation, Person, Programme, ProgrammeRole, Viewer
from meervoud.parties.models.people import LANGUAGES
from meervoud.supply.models import Offer, Taking


class State(models.TextChoices):
    """Where an agreement stands; see lifecycle.py for the moves."""

    DRAFT = "draft", _("draft")
    PROPOSED = "proposed", _("put to both sides")
    SIGNED = "signed", _("signed")
    ACTIVE = "active", _("in use")
    ENDED = "ended", _("ended")
    WITHDRAWN = "withdrawn", _("withdrawn")


WRITTEN: Final = (State.DRAFT, State.PROPOSED)
"""While it is written down."""
RUNNING: Final = (State.SIGNED, State.ACTIVE)
"""While it is in force: before its first moment, and from then on."""
LIVE: Final = (*WRITTEN, *RUNNING)


class EndedWhy(models.TextChoices):
    """Why an agreement ended."""

    PERIOD = "period", _("its period was over")
    NOTICE = "notice", _("one side gave notice")
    BOTH = "both", _("both sides wanted it")
    SAFETY = "safety", _("it was not safe")
    TRIAL = "trial", _("it ended with the trial evening")


class Kind(models.TextChoices):
    """What kind of contract."""

    HOURLY = "hourly", _("use by the hour")
    LOAN = "loan", _("loan for use")
    TEMPORARY = "temporary", _("temporary use")
    SHOP = "shop", _("lease of a shop with a social purpose")


def of_asker(person: Person, path: str = "") -> models.Q:
    """Return the condition that a person is of the side that asks; `path` leads to the agreement."""
    own = Organisation.objects.of_member(person).values("id")
    return models.Q(**{f"{path}request__asked_by": person}) | models.Q(**{f"{path}request__organisation__in": own})


def of_host(person: Person, path: str = "") -> models.Q:
    """Return the condition that a person is of the side that lends."""
    return models.Q(**{f"{path}offer__host__in": Organisation.objects.of_member(person).values("id")})


def of_desk(person: Person, path: str = "") -> models.Q:
    """Return the condition that a person works for the programme."""
    return models.Q(**{f"{path}programme__in": ProgrammeRole.objects.of_person(person).values("programme")})


class AgreementQuerySet(ScopedQuerySet["Agreement"]):
    """Agreements by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the two sides of a person, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(of_asker(viewer) | of_host(viewer) | of_desk(viewer))


class Agreement(OwnedModel):
    """What two sides settle about a space and a request; its versions say what exactly."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="agreements")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="agreements")
    request = models.ForeignKey(Request, models.PROTECT, related_name="agreements")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="agreements")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(_("kind of contract"), max_length=10, choices=Kind.choices, default=Kind.HOURLY)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    signed_at = models.DateTimeField(null=True, blank=True)
    taking = models.OneToOneField(Taking, models.SET_NULL, null=True, blank=True, related_name="+")
    review_on = models.DateField(_("look back on"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=6, choices=EndedWhy.choices, blank=True)

    objects = ScopedManager.from_queryset(AgreementQuerySet)()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("-created_at",)
        indexes = (models.Index(fields=["programme", "state"], name="agreement_by_state"),)
        constraints = (
            models.UniqueConstraint(
                fields=["proposal"],
                condition=models.Q(state__in=[each.value for each in LIVE]),
                name="one_live_agreement_of_a_proposal",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["signed", "active", "ended"]) | models.Q(signed_at__isnull=False),
                name="signed_agreement_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended") | models.Q(ended_at__isnull=False) & ~models.Q(ended_why=""),
                name="ended_agreement_says_when_and_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class PartQuerySet(ScopedQuerySet[M]):
    """What belongs to an agreement, by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return what belongs to the agreements that a viewer may see."""
        return self._scoped().filter(agreement__in=Agreement.objects.visible_to(viewer).values("id"))


class Version(OwnedModel):
    """What was settled at one moment: the terms, and the clauses in words. A version is never changed; a new one is made.

    `terms` are written by terms.py, `clauses` are a list of {key, version, title, text}. One that was proposed after
    signing and taken back keeps its number; `taken_back_at` says that it no longer counts.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    terms = models.JSONField()
    clauses = models.JSONField()
    note = models.CharField(_("what changed"), max_length=300, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("-number",)
        constraints = (models.UniqueConstraint(fields=["agreement", "number"], name="version_has_its_own_number"),)

    def __str__(self) -> str:
        return str(self.number)


class Consent(OwnedModel):
    """What one side thinks of one version; the last one of a side counts."""

    class Kind(models.TextChoices):
        """Sociocratic: an objection needs a reason, a concern is heard and does not stop."""

        AGREE = "agree", _("we agree")
        CONCERN = "concern", _("we agree, with a concern")
        OBJECT = "object", _("we object")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="consents")
    version = models.ForeignKey(Version, models.CASCADE, related_name="consents")
    side = models.CharField(max_length=5, choices=Side.choices)
    kind = models.CharField(max_length=7, choices=Kind.choices)
    reason = models.TextField(_("why"), max_length=1000, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind="agree") | ~models.Q(reason=""), name="a_concern_or_objection_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.kind}"


class Approval(OwnedModel):
    """Whom a side has to ask before it signs: a landlord, a board, a meeting of residents."""

    class Who(models.TextChoices):
        """Who approves."""

        LANDLORD = "landlord", _("landlord")
        INSURER = "insurer", _("insurer")
        WORKS_COUNCIL = "works_council", _("works council")
        DIRECTOR = "director", _("director")
        RESIDENTS = "residents", _("meeting of residents")
        BOARD = "board", _("board")
        MUNICIPALITY = "municipality", _("municipality")
        OTHER = "other", _("somebody else")

    class Answer(models.TextChoices):
        """What they said."""

        OPEN = "", _("asked, no answer yet")
        GIVEN = "given", _("approved")
        CONDITIONS = "conditions", _("approved with conditions")
        REFUSED = "refused", _("refused")

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="approvals")
    side = models.CharField(max_length=5, choices=Side.choices)
    who = models.CharField(_("who approves"), max_length=13, choices=Who.choices)
    name = models.CharField(_("their name"), max_length=120, blank=True)
    is_required = models.BooleanField(_("needed before signing"), default=True)
    due_on = models.DateField(_("by when"), null=True, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default=Answer.OPEN)
    conditions = models.TextField(_("conditions"), max_length=2000, blank=True)
    answered_on = models.DateField(_("said on"), null=True, blank=True)
    valid_until = models.DateField(_("holds until"), null=True, blank=True)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(answer="") | models.Q(answered_on__isnull=False), name="an_approval_says_when"
            ),
            models.CheckConstraint(
                condition=~models.Q(answer="conditions") | ~models.Q(conditions=""), name="conditions_are_written_down"
            ),
        )

    def __str__(self) -> str:
        return f"{self.side} {self.who} {self.answer}"


class Signature(OwnedModel):
    """Who signed one version for one side, when and how; the hash is that of the bytes they had before them."""

    class Way(models.TextChoices):
        """How."""

        PLATFORM = "platform", _("in the platform")
        PAPER = "paper", _("on paper")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="signatures")
    version = models.ForeignKey(Version, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=5, choices=Side.choices)
    way = models.CharField(max_length=8, choices=Way.choices)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    sha256 = models.CharField(max_length=64)

    objects = ScopedManager.from_queryset(PartQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (models.UniqueConstraint(fields=["version", "side"], name="a_side_signs_a_version_once"),)

    def __str__(self) -> str:
        return f"{self.side} {self.sha256[:8]}"
