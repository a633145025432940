"""The programmes of the house, where there is more than one: a visitor chooses whose pages to see."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from meervoud.parties.current import choose_programme, programmes_for


@require_http_methods(["GET", "HEAD", "POST"])
def programmes(request: HttpRequest) -> HttpResponse:
    """Show the programmes that can be chosen, or choose one and go to its front page."""
    found = programmes_for(request)
    if request.method != "POST":
        return render(request, "parties/programmes.html", {"programmes": found})
    chosen = found.filter(slug=request.POST.get("programme", "")).first()
    if chosen is None:
        raise Http404
    choose_programme(request, chosen)
    return redirect("home")
