/* Leaflet on top of the map that the server drew: the same areas, the same filters, clusters counted by the server. */
(function () {
  "use strict";
  var current = null;

  function mark(feature, at, label) {
    var number = feature.properties.number;
    var radius = number === 1 ? 8 : Math.min(11 + 2.2 * Math.sqrt(number), 28);
    var circle = L.circleMarker(at, { radius: radius, className: "point", keyboard: false, weight: 2, fillOpacity: 0.95 });
    var says = document.createElement("div");
    if (number === 1 && feature.properties.url) {
      var link = document.createElement("a");
      link.href = feature.properties.url;
      link.textContent = feature.properties.name;
      says.appendChild(link);
    } else {
      says.textContent = number + " " + label;
    }
    circle.bindPopup(says);
    if (number > 1) {
      circle.bindTooltip(String(number), { permanent: true, direction: "center", className: "many-label" });
      circle.on("click", function () { current.map.setView(at, current.map.getZoom() + 2); });
    }
    return circle;
  }

  function load(state) {
    var bounds = state.map.getBounds();
    var box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    box = [Math.max(box[0], -90), Math.max(box[1], -180), Math.min(box[2], 90), Math.min(box[3], 180)];
    var address = state.points + (state.points.indexOf("?") < 0 ? "?" : "&") + "zoom=" + state.map.getZoom() + "&box=" + box.map(function (each) { return each.toFixed(5); }).join(",");
    fetch(address, { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (data) {
      if (!data || state !== current) { return; }
      state.layer.clearLayers();
      data.features.forEach(function (feature) {
        var place = feature.geometry.coordinates;
        state.layer.addLayer(mark(feature, [place[1], place[0]], state.many));
      });
    });
  }

  function start() {
    var frame = document.getElementById("city-map");
    if (!frame || typeof L === "undefined" || frame.dataset.started) { return; }
    frame.dataset.started = "yes";
    fetch(frame.dataset.areas, { credentials: "same-origin" }).then(function (answer) { return answer.json(); }).then(function (areas) {
      var drawing = frame.querySelector("svg");
      var holder = document.createElement("div");
      frame.insertBefore(holder, drawing);
      holder.setAttribute("role", "region");
      holder.setAttribute("aria-label", frame.dataset.label);
      var map = L.map(holder, { attributionControl: Boolean(frame.dataset.attribution), zoomSnap: 0.5, preferCanvas: false });
      if (frame.dataset.tiles) { L.tileLayer(frame.dataset.tiles, { attribution: frame.dataset.attribution }).addTo(map); }
      var ground = L.geoJSON(areas, {
        interactive: false,
        style: function (feature) { return { className: "area" + (feature.properties.kind === "water" ? " water" : "") }; }
      }).addTo(map);
      var state = { map: map, layer: L.layerGroup().addTo(map), points: frame.dataset.points, many: frame.dataset.many };
      current = state;
      drawing.classList.add("gone");
      map.on("moveend", function () { load(state); });
      map.fitBounds(ground.getBounds());
    });
  }

  document.addEventListener("DOMContentLoaded", start);
  document.addEventListener("htmx:after:swap", start);
  document.addEventListener("htmx:afterSwap", start);
})();
