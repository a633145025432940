"""What is kept as a file: what was signed, the minutes of those who approved, and a city's own contract in Word."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from meervoud.agreements.models.agreements import (
    Agreement,
    Approval,
    PartQuerySet,
    Version,
    of_asker,
    of_desk,
    of_host,
)
from meervoud.lib.models import OwnedModel
from meervoud.lib.scope import ScopedManager, ScopedQuerySet
from meervoud.matching.models import Side
from meervoud.parties.models import Person, Programme, ProgrammeRole, Viewer
from meervoud.parties.models.people import LANGUAGES


class DocumentQuerySet(PartQuerySet["Document"]):
    """Documents by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the agreements of a viewer; paper that a sheltered group signed with its name only its own see."""
        rows = super().visible_to(viewer)
        if not isinstance(viewer, Person):
            return rows
        names = models.Q(form="scan", side=Side.ASKER, agreement__request__is_sheltered=True)
        return rows.filter(~names | of_asker(viewer, "agreement__") | of_desk(viewer, "agreement__"))


class Document(OwnedModel):
    """Bytes that were signed, or show that they were. The database refuses every change and every removal; see guard.py.

    No row names who brought it: erasing a person must not change it. A scan has the signature of its side beside it.
    """

    class Form(models.TextChoices):
        """What the bytes are."""

        JSON = "json", _("the words and terms as both signed them")
        PDF = "pdf", _("the contract as a PDF")
        SCAN = "scan", _("signed paper")

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="documents")
    version = models.ForeignKey(Version, models.PROTECT, related_name="documents")
    form = models.CharField(max_length=4, choices=Form.choices, default=Form.JSON, db_default="json")
    side = models.CharField(max_length=5, choices=Side.choices, blank=True, default="", db_default="")
    data = models.BinaryField()
    media_type = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)

    objects = ScopedManager.from_queryset(DocumentQuerySet)()

    class Meta:
        ordering = ("created_at",)
        constraints = (
            models.UniqueConstraint(fields=["version", "form", "side"], name="one_document_of_a_form_and_side"),
            models.CheckConstraint(
                condition=(models.Q(form="scan") & ~models.Q(side="")) | (~models.Q(form="scan") & models.Q(side="")),
                name="only_signed_paper_is_of_one_side",
            ),
        )

    def __str__(self) -> str:
        return f"{self.form} {self.sha256}"


class MinutesQuerySet(ScopedQuerySet["Minutes"]):
    """Minutes by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of a person's own side, and those of the programmes they work for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        way = "approval__agreement__"
        asks = models.Q(approval__side=Side.ASKER) & of_asker(viewer, way)
        lends = models.Q(approval__side=Side.HOST) & of_host(viewer, way)
        return self._scoped().filter(asks | lends | of_desk(viewer, way))


class Minutes(OwnedModel):
    """What was written where an approval was decided: for the side that asked, and the desk; never for the other side."""

    approval = models.OneToOneField(Approval, models.CASCADE, related_name="minutes")
    data = models.BinaryField()
    media_type = models.CharField(max_length=80)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(MinutesQuerySet)()

    class Meta:
        verbose_name = _("minutes")
        verbose_name_plural = _("minutes")

    def __str__(self) -> str:
        return str(self.pk)


class ContractTemplateQuerySet(ScopedQuerySet["ContractTemplate"]):
    """A city's own contracts by who asks."""

    def visible_to(self, viewer: Viewer) -> Self:
        """Return those of the programmes that a person works for."""
        if not isinstance(viewer, Person):
            return self.none().every(because="nobody")
        return self._scoped().filter(programme__in=ProgrammeRole.objects.of_person(viewer).values("programme"))


class ContractTemplate(OwnedModel):
    """A programme's own contract in Word, one a language, with gaps that are filled from an agreement."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="contract_templates")
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    name = models.CharField(_("name of the file"), max_length=120)
    data = models.BinaryField()
    by = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")

    objects = ScopedManager.from_queryset(ContractTemplateQuerySet)()

    class Meta:
        verbose_name = _("contract in Word")
        verbose_name_plural = _("contracts in Word")
        ordering = ("language",)
        constraints = (models.UniqueConstraint(fields=["programme", "language"], name="one_own_contract_a_language"),)

    def __str__(self) -> str:
        return f"{self.language} {self.name}"
