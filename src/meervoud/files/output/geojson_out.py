"""Proposals on a map: GeoJSON points of requests and of the spaces proposed to them."""

import json
from typing import Any

from meervoud.core.engine.types.spaces import Position
from meervoud.files.output.result_file import Matched
from meervoud.files.wording.language import Language
from meervoud.files.wording.sentences import say_counts, say_doubts, say_pattern

Feature = dict[str, Any]  # GeoJSON properties hold values of any kind


def write_geojson(what: Matched, language: Language) -> str:
    """Return a FeatureCollection in WGS84: a point for each request, and one for each proposal at its space.

    What has no position has a null geometry, as RFC 7946 allows: nothing is left out.
    """
    features: list[Feature] = []
    for request, answer in zip(what.requests, what.result.answers, strict=True):
        about = {
            "kind": "request",
            "id": request.id,
            "name": request.organisation or request.name,
            "counts": say_counts(language, answer),
        }
        features.append(_feature(request.position, about))
        for proposal in answer.proposals:
            space = what.space(proposal.space_id)
            shown: dict[str, Any] = {  # Any: as above
                "kind": "proposal",
                "request": request.id,
                "rank": proposal.rank,
                "id": space.id,
                "name": space.name,
                "certainty": proposal.certainty,
                "score": proposal.score,
                "metres": proposal.metres,
                "when": [say_pattern(language, pattern) for pattern in proposal.patterns],
                "doubts": say_doubts(language, proposal),
            }
            features.append(_feature(space.position, shown))
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=1) + "\n"


def _feature(position: Position | None, properties: dict[str, Any]) -> Feature:  # Any: as above
    point = None if position is None else {"type": "Point", "coordinates": [position.longitude, position.latitude]}
    return {"type": "Feature", "geometry": point, "properties": properties}
