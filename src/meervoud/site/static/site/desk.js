// The desk by keyboard. Each key does what a link, a box or a button of the page does; without this file those still work.
"use strict";
(() => {
  const OFF = "desk-keys-off", LAST = "desk-row";
  const TYPED = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

  function kept(store, name) {
    try { return store.getItem(name); } catch { return null; }
  }

  function keep(store, name, value) {
    try { store.setItem(name, value); } catch { /* a browser that keeps nothing: the keys are on again next time */ }
  }

  const one = (selector, within = document) => within.querySelector(selector);
  const rows = () => [...document.querySelectorAll("[data-row]")];
  const boxOf = (row) => one("input[type=checkbox]", row);
  const ticked = () => rows().filter((row) => boxOf(row).checked);

  /* The row that has the focus, else the one that was left when the page was loaded. */
  function current() {
    const here = document.activeElement && document.activeElement.closest("[data-row]");
    return here || rows().find((row) => row.dataset.row === kept(sessionStorage, LAST)) || null;
  }

  function go(step) {
    const every = rows(), here = document.activeElement.closest("[data-row]");
    if (!every.length) { return follow(step > 0 ? "next" : "previous"); }
    const left = current();
    const place = here ? every.indexOf(here) + step : left ? every.indexOf(left) : 0;
    const row = every[Math.min(Math.max(place, 0), every.length - 1)];
    keep(sessionStorage, LAST, row.dataset.row);
    one("a", row).focus();
  }

  function follow(name) {
    const link = one(`[data-key=${name}]`);
    if (link) { link.click(); }
  }

  function tick() {
    const row = current();
    if (row) { boxOf(row).click(); }
  }

  /* What is ticked; where nothing is, the row that has the focus gets its tick. */
  function chosen() {
    const row = current();
    if (!ticked().length && row) { boxOf(row).checked = true; }
    return ticked().length > 0;
  }

  function ask() {
    const button = one("[data-key=ask]"), were = ticked().length;
    if (!button) { return; }
    if (rows().length && were) { button.click(); } else if (!rows().length || chosen()) { button.focus(); }
  }

  function deed(name, field) {
    const bar = one("#bulk_deed");
    if (!bar) { return false; }
    if (chosen()) {
      bar.value = name;
      fields();
      if (field) { one(`#bulk_${field}`).focus(); } else { bar.form.requestSubmit(); }
    }
    return true;
  }

  function focusOn(selector) {
    const field = one(selector);
    if (field) { field.focus(); }
  }

  const KEYS = {
    j: () => go(1),
    k: () => go(-1),
    x: tick,
    a: ask,
    n: () => deed("note", "text") || focusOn("#id_text"),
    c: () => deed("call", "call_on") || focusOn("#id_call_on"),
    m: () => deed("assign_me", "") || follow("take"),
    "?": () => openKeys(),
  };

  /* The bar shows the fields of the deed that is chosen. */
  const NEEDS = { assign: ["to"], call: ["call_on", "call_why"], note: ["text"] };
  function fields() {
    const bar = one("#bulk_deed");
    if (!bar) { return; }
    for (const name of ["to", "call_on", "call_why", "text"]) {
      one(`#bulk_${name}`).closest(".field").hidden = !(NEEDS[bar.value] || []).includes(name);
    }
  }

  let dialog = null;
  function openKeys() {
    if (dialog && !dialog.open) { dialog.showModal(); }
  }

  /* The list of keys is a part of the page; here it becomes a dialog, and a button takes its place. */
  function makeDialog() {
    const part = document.getElementById("keys");
    if (!part) { return; }
    dialog = document.createElement("dialog");
    dialog.className = part.className;
    dialog.setAttribute("aria-labelledby", "keys-title");
    dialog.append(...part.childNodes);
    part.removeAttribute("aria-labelledby");
    const close = button(part.dataset.close, () => dialog.close());
    dialog.append(close);
    const open = button(part.dataset.open, openKeys);
    open.setAttribute("aria-haspopup", "dialog");
    part.append(open, dialog);
    const choice = one("[data-switch]", dialog), box = one("input", choice);
    choice.hidden = false;
    box.checked = !kept(localStorage, OFF);
    box.addEventListener("change", () => keep(localStorage, OFF, box.checked ? "" : "yes"));
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button second small";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function pressed(press) {
    if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.defaultPrevented) { return; }
    if (kept(localStorage, OFF) || (dialog && dialog.open) || press.target.closest(TYPED)) { return; }
    const act = Object.hasOwn(KEYS, press.key) ? KEYS[press.key] : null;
    if (!act) { return; }
    press.preventDefault();
    act();
  }

  makeDialog();
  fields();
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", (event) => { if (event.target.id === "bulk_deed") { fields(); } });
})();
