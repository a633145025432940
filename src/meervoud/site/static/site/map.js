/* Leaflet on top of the map that the server drew: the same areas, the same filters, clusters counted by the server. */
(function () {
  "use strict";
  var CLOSER = 2, NEAREST = 18;
  var current = null;

  function element(name, text) {
    var made = document.createElement(name);
    if (text) { made.textContent = text; }
    return made;
  }

  function counted(state, number) {
    return number + " " + (number === 1 ? state.says.one : state.says.many);
  }

  /* The spaces at one point, by name: no zoom level tells them apart. */
  function names(state, found) {
    var says = element("div");
    if (found.number > 1) { says.appendChild(element("p", counted(state, found.number))); }
    var list = element("ul");
    list.setAttribute("role", "list");
    found.spaces.forEach(function (space) {
      var item = element("li"), link = element("a", space.name);
      link.href = space.url;
      item.appendChild(link);
      list.appendChild(item);
    });
    says.appendChild(list);
    if (found.spaces.length < found.number) { says.appendChild(element("p", state.says.others)); }
    return says;
  }

  function mark(state, feature) {
    var found = feature.properties, place = feature.geometry.coordinates, at = [place[1], place[0]];
    var radius = found.number === 1 ? 8 : Math.min(11 + 2.2 * Math.sqrt(found.number), 28);
    var circle = L.circleMarker(at, { radius: radius, className: "point", weight: 2, fillOpacity: 0.95 });
    circle.place = keyOf(feature);
    if (found.number > 1) {
      circle.bindTooltip(String(found.number), { permanent: true, direction: "center", className: "many-label" });
    }
    if (found.spaces.length) { named(state, circle, found); }
    else { circle.on("click", function () { state.map.setView(at, Math.min(state.map.getZoom() + CLOSER, NEAREST)); }); }
    return circle;
  }

  /* The popup takes the focus, and gives it back to its mark. */
  function named(state, circle, found) {
    circle.bindPopup(names(state, found), { maxHeight: 260 });
    circle.on("popupopen", function (event) {
      var popup = event.popup.getElement(), close = popup.querySelector(".leaflet-popup-close-button");
      state.open = circle;
      if (close) { close.setAttribute("aria-label", state.says.close); }
      popup.setAttribute("role", "dialog");
      popup.setAttribute("aria-label", says(state, found));
      popup.onkeydown = function (press) { if (press.key === "Escape") { circle.closePopup(); } };
      popup.querySelector(".leaflet-popup-content a").focus({ preventScroll: true });
    });
    circle.on("popupclose", function (event) {
      var popup = event.popup.getElement(), now = document.activeElement;
      state.open = null;
      if (now === document.body || popup.contains(now)) { circle.getElement().focus({ preventScroll: true }); }
    });
  }

  function says(state, found) {
    var titles = found.spaces.map(function (space) { return space.name; }).join(", ");
    if (found.number === 1 && titles) { return titles; }
    return counted(state, found.number) + (titles ? ": " + titles : "");
  }

  /* A circle is a drawing; this makes it a button for the keyboard and for screen readers. */
  function reachable(state, circle, found) {
    var path = circle.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", says(state, found));
    path.addEventListener("keydown", function (press) {
      if (press.key !== "Enter" && press.key !== " ") { return; }
      press.preventDefault();
      if (!found.spaces.length) { state.map.getContainer().focus({ preventScroll: true }); }
      circle.fire("click", { latlng: circle.getLatLng(), originalEvent: press });
    });
  }

  function keyOf(feature) {
    return feature.geometry.coordinates.join() + "/" + feature.properties.number;
  }

  function show(state, features) {
    var places = features.map(keyOf);
    var kept = state.open && places.indexOf(state.open.place) >= 0 ? state.open : null;
    state.layer.eachLayer(function (each) { if (each !== kept) { state.layer.removeLayer(each); } });
    features.forEach(function (feature, number) {
      if (kept && places[number] === kept.place) { return; }
      var circle = mark(state, feature);
      state.layer.addLayer(circle);
      reachable(state, circle, feature.properties);
    });
  }

  function load(state) {
    var bounds = state.map.getBounds();
    var box = [bounds.getSouth(), bounds.getWest(), bounds.getNorth(), bounds.getEast()];
    box = [Math.max(box[0], -90), Math.max(box[1], -180), Math.min(box[2], 90), Math.min(box[3], 180)];
    var zoom = Math.floor(state.map.getZoom());
    var address = state.points + (state.points.indexOf("?") < 0 ? "?" : "&") + "zoom=" + zoom + "&box=" + box.map(function (each) { return each.toFixed(5); }).join(",");
    state.asked = address;
    state.map.getContainer().setAttribute("aria-busy", "true");
    fetch(address, { credentials: "same-origin" }).then(function (answer) { return answer.ok ? answer.json() : null; }).then(function (data) {
      if (data && state === current && state.asked === address) { show(state, data.features); }
    }).finally(function () {
      if (state.asked === address) { state.map.getContainer().setAttribute("aria-busy", "false"); }
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
      var map = L.map(holder, { attributionControl: Boolean(frame.dataset.attribution), zoomSnap: 0.5, maxZoom: NEAREST, preferCanvas: false });
      if (frame.dataset.tiles) { L.tileLayer(frame.dataset.tiles, { attribution: frame.dataset.attribution }).addTo(map); }
      var ground = L.geoJSON(areas, {
        interactive: false,
        style: function (feature) { return { className: "area" + (feature.properties.kind === "water" ? " water" : "") }; }
      }).addTo(map);
      var state = { map: map, layer: L.layerGroup().addTo(map), points: frame.dataset.points, says: frame.dataset };
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
