"""The page of one space, its photos, and the question to its host."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from meervoud.core.errors import MeervoudError
from meervoud.files.wording.language import Language
from meervoud.files.wording.names import name_of, names_of
from meervoud.lib.clock import now
from meervoud.lib.rates import take_token
from meervoud.lib.saying import say_error, spoken
from meervoud.matching.cards import STEP_FREE, activities_text, price_text
from meervoud.matching.free_time import free_time
from meervoud.parties.conversations import About, start_conversation
from meervoud.parties.current import programme_of
from meervoud.parties.models import Person
from meervoud.places.city_map import city_map
from meervoud.places.models import Photo
from meervoud.supply.models import Offer
from meervoud.supply.public import PublicOffer, host_of, public_offer

SIZES = {"small": "small", "medium": "medium", "large": "large"}
MESSAGES_A_DAY = 20


class AskForm(forms.Form):
    """The three answers that a host needs first, and a word of your own."""

    when = forms.CharField(label=gettext_lazy("When would you like to come?"), max_length=200)
    people = forms.IntegerField(label=gettext_lazy("With how many people?"), min_value=1, max_value=100_000)
    what = forms.CharField(
        label=gettext_lazy("What will you do?"), max_length=1500, widget=forms.Textarea(attrs={"rows": 4})
    )

    def text(self) -> str:
        """Return the three answers as one message."""
        said = self.cleaned_data
        return "\n\n".join(
            [
                _("When: %(when)s") % {"when": said["when"]},
                _("People: %(people)s") % {"people": said["people"]},
                said["what"],
            ]
        )


@require_safe
def space(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Show a space: what it is, when it is free, what it costs, and how to ask for it."""
    offer = public_offer(programme_of(request), offer_id)
    if offer is None:
        return render(request, "matching/gone.html", status=404)  # the same for paused, ended and never there
    return render(request, "matching/space.html", _page(request, offer, AskForm(_filled_in(request))))


@require_http_methods(["POST"])
def ask(request: HttpRequest, offer_id: UUID) -> HttpResponse:
    """Send a question to the host through the platform; a wrong form comes back with what was typed."""
    programme = programme_of(request)
    host = host_of(programme, offer_id)
    if host is None:
        raise Http404
    form = AskForm(request.POST)
    if not isinstance(request.user, Person):
        request.session["asked"] = {key: request.POST.get(key, "")[:1500] for key in form.fields}
        return redirect_to_login(request.path.removesuffix("ask/"))
    if not form.is_valid():
        return render(request, "matching/space.html", _page(request, _offered(request, offer_id), form), status=422)
    take_token(f"question {request.user.pk}", most=MESSAGES_A_DAY, per_seconds=86_400, now=now())
    about = About("offer", offer_id, _offered(request, offer_id).name)
    try:
        conversation = start_conversation(
            programme=programme, by=request.user, organisation=host, about=about, text=form.text()
        )
    except MeervoudError as error:
        form.add_error(None, say_error(error))
        return render(request, "matching/space.html", _page(request, _offered(request, offer_id), form), status=422)
    messages.success(request, _("Your question is on its way. The host answers here; nobody sees your address."))
    return redirect("conversation", conversation.pk)


@require_safe
def photo(request: HttpRequest, photo_id: UUID, size: str) -> HttpResponse:
    """Return a photo of a space that is online, or of one of the viewer's own."""
    found = _photo(request, photo_id, SIZES[size]) if size in SIZES else None
    if found is None:
        raise Http404
    data = bytes(getattr(found, SIZES[size]))
    answer = HttpResponse(data, content_type="image/webp")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    answer.headers["Content-Disposition"] = "inline"
    return answer


def _photo(request: HttpRequest, photo_id: UUID, column: str) -> Photo | None:
    """Return a photo by its space, which is online or the viewer's own; of its three sizes only the one that is asked."""
    seen = Offer.objects.online(programme_of(request)) | Offer.objects.visible_to(request.user)
    offer = seen.filter(space__photos=photo_id).select_related("space").first()
    return offer.space.photos.filter(pk=photo_id).only(column).first() if offer else None


def _offered(request: HttpRequest, offer_id: UUID) -> PublicOffer:
    offer = public_offer(programme_of(request), offer_id)
    if offer is None:
        raise Http404
    return offer


def _filled_in(request: HttpRequest) -> dict[str, str] | None:
    """Return what somebody typed before they signed in, once."""
    kept: dict[str, str] | None = request.session.pop("asked", None) if request.user.is_authenticated else None
    return kept


def _page(request: HttpRequest, offer: PublicOffer, form: AskForm) -> dict[str, object]:
    programme = programme_of(request)
    said = spoken()
    allowed, excluded = activities_text(offer, said)
    drawing = city_map(programme)
    place = None
    if drawing and offer.latitude is not None and offer.longitude is not None:
        place = drawing.frame.place(offer.latitude, offer.longitude)
    return {
        "offer": offer,
        "form": form,
        "kind_name": name_of(said, "kinds", offer.kind),
        "facts": key_facts(offer, said),
        "free": free_time(programme, str(offer.id)),
        "price": price_text(offer, said),
        "there": names_of(said, "facilities", ",".join(offer.facilities)),
        "absent": names_of(said, "facilities", ",".join(offer.no_facilities)),
        "allowed": allowed,
        "excluded": excluded,
        "drawing": drawing,
        "place": place,
    }


def key_facts(offer: PublicOffer, said: Language) -> list[dict[str, str]]:
    """Return what people ask first: how many, how large, can I get in, is it warm, where is the toilet."""
    warm = {True: _("yes"), False: _("no"), None: ""}[offer.is_warm]
    kitchen = _known("kitchen", offer)
    size = f"{said.number(offer.area_m2)} m2" if offer.area_m2 else ""
    people = ""
    if offer.capacity:
        people = _("at most %(most)s") % {"most": offer.capacity}
        if offer.capacity_min > 1:
            people = _("%(least)s to %(most)s") % {"least": offer.capacity_min, "most": offer.capacity}
    return [
        {"key": _("People"), "value": people, "icon": "users"},
        {"key": _("Floor area"), "value": size, "icon": "ruler"},
        {
            "key": _("Step-free"),
            "value": str(STEP_FREE[offer.step_free]) if offer.step_free else "",
            "icon": "accessibility",
        },
        {"key": _("Is it warm?"), "value": warm, "icon": "thermometer"},
        {"key": _("Is there a kitchen?"), "value": kitchen, "icon": "cooking-pot"},
        {"key": _("Where is the toilet?"), "value": offer.toilet_place or _known("toilet", offer), "icon": "toilet"},
        {"key": _("How loud may it get?"), "value": name_of(said, "loudness", offer.loudness), "icon": "volume-2"},
        {"key": _("Price"), "value": price_text(offer, said), "icon": "wallet"},
    ]


def _known(facility: str, offer: PublicOffer) -> str:
    if facility in offer.facilities:
        return _("yes")
    return _("no") if facility in offer.no_facilities else ""
