"""The addresses of this room."""

from django.urls import path

from meervoud.outcomes.views import figures

urlpatterns = [
    path("desk/figures/", figures.index, name="figures_of_use"),
    path("desk/figures/moments.csv", figures.moments, name="figure_moments"),
    path("desk/figures/<slug:name>/", figures.figure, name="figure"),
]
