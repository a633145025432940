// Drawing an arrow between two boxes, by dragging or by keyboard. Both end in the form that the links of the list lead to.
"use strict";
(() => {
  const FAR = 6, SVG = "http://www.w3.org/2000/svg";
  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  const theory = document.getElementById("theory"), says = document.getElementById("theory-says");
  if (!theory || !theory.dataset.arrow) { return; }
  let source = null, drag = null;

  const boxOf = (target) => target && target.closest ? target.closest("#theory [data-box]") : null;
  const nameOf = (box) => box.getAttribute("aria-label");
  const boxesBeside = (box) => [...box.ownerSVGElement.querySelectorAll("[data-box]")];
  const say = (text) => { says.textContent = text; };

  function go(from, to) {
    const ends = new URLSearchParams({ from: from.dataset.box, to: to.dataset.box });
    location.assign(theory.dataset.arrow + "?" + ends);
  }

  function begin(box) {
    source = box;
    box.classList.add("source");
    say(theory.dataset.from.replace("%s", nameOf(box)));
  }

  function stop(text) {
    if (source) { source.classList.remove("source"); }
    source = null;
    say(text);
  }

  function step(box, by) {
    const every = boxesBeside(box), place = every.indexOf(box) + by;
    const next = every[(place + every.length) % every.length];
    next.focus();
    say(next === source ? theory.dataset.same : theory.dataset.to.replace("%s", nameOf(next)));
  }

  theory.addEventListener("keydown", (press) => {
    const box = boxOf(press.target);
    if (!box || press.ctrlKey || press.metaKey || press.altKey) { return; }
    if (!source) {
      if (press.key.toLowerCase() === "a") { press.preventDefault(); begin(box); }
      return;
    }
    if (press.key in STEPS) { press.preventDefault(); step(box, STEPS[press.key]); }
    if (press.key === "Enter") {
      press.preventDefault();
      if (box === source) { say(theory.dataset.same); } else { go(source, box); }
    }
    if (press.key === "Escape") {
      const back = source;
      stop(theory.dataset.stopped);
      back.focus();
    }
  });

  theory.addEventListener("focusout", (left) => {
    if (source && !drag && !theory.contains(left.relatedTarget)) { stop(theory.dataset.stopped); }
  });

  /* A point of the window in the units of the drawing. */
  function placeIn(svg, event) {
    const there = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    return there.x + " " + there.y;
  }

  /* A finger scrolls the page: it has the forms. */
  theory.addEventListener("pointerdown", (event) => {
    const box = boxOf(event.target);
    if (!box || event.button !== 0 || event.pointerType === "touch") { return; }
    if (source) { stop(""); }
    drag = { box, svg: box.ownerSVGElement, x: event.clientX, y: event.clientY, line: null, target: null, from: "" };
    drag.from = placeIn(drag.svg, event);
  });

  function aim(target) {
    if (drag.target === target) { return; }
    if (drag.target) { drag.target.classList.remove("target"); }
    drag.target = target;
    if (target) { target.classList.add("target"); }
  }

  document.addEventListener("pointermove", (event) => {
    if (!drag) { return; }
    if (!drag.line) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < FAR) { return; }
      drag.line = document.createElementNS(SVG, "path");
      drag.line.setAttribute("class", "drawn");
      drag.svg.append(drag.line);
      drag.box.classList.add("source");
    }
    drag.line.setAttribute("d", "M" + drag.from + "L" + placeIn(drag.svg, event));
    const under = boxOf(document.elementFromPoint(event.clientX, event.clientY));
    aim(under && under !== drag.box && under.ownerSVGElement === drag.svg ? under : null);
  });

  /* Returns the box where the drag ended, or nothing. */
  function drop() {
    const { box, line, target } = drag;
    if (line) { line.remove(); swallowClick(); }
    aim(null);
    box.classList.remove("source");
    drag = null;
    return target;
  }

  /* A drag that ends on its own box must not open it. */
  function swallowClick() {
    const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };
    theory.addEventListener("click", swallow, { capture: true, once: true });
    setTimeout(() => theory.removeEventListener("click", swallow, { capture: true }), 0);
  }

  document.addEventListener("pointerup", () => {
    if (!drag) { return; }
    const { box, line } = drag, target = drop();
    if (target) { go(box, target); } else if (line) { say(theory.dataset.stopped); }
  });
  document.addEventListener("pointercancel", () => { if (drag) { drop(); } });
  document.addEventListener("keydown", (press) => {
    if (drag && press.key === "Escape") { drop(); say(theory.dataset.stopped); }
  });
  theory.addEventListener("dragstart", (event) => event.preventDefault());
  document.getElementById("theory-keys").hidden = false;
})();
