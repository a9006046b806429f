// What makes pages handier where scripts run. Nothing here is needed to get anything done.
(() => {
  "use strict";

  const find = (selector, within = document) => within.querySelector(selector);
  const findAll = (selector, within = document) => [...within.querySelectorAll(selector)];
  const shown = (element) => element.getClientRects().length > 0 && !element.disabled;
  const announce = (text) => { const place = find("#announcer"); if (place) place.textContent = text; };

  // --- htmx: every request carries the token; answers with 4xx are shown, since they hold the form's errors.
  const token = () => find('meta[name="csrf-token"]')?.content ?? "";
  document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  document.addEventListener("htmx:beforeSwap", (event) => {
    const status = event.detail.xhr.status;
    if (status === 422 || status === 409) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  // --- Character counts: data-count-for names the text area, data-count-text holds the words around {n}.
  const length = (text) => text.replace(/\r\n|\n/g, "\r\n").length;
  function count(line) {
    const area = document.getElementById(line.dataset.countFor);
    const most = Number(area?.getAttribute("maxlength"));
    if (!most) return;
    const left = Math.max(0, most - length(area.value));
    line.textContent = line.dataset.countText.replace("{n}", left);
    line.classList.toggle("count-low", left < most / 20);
  }

  // --- Typed text of forms marked data-keep survives a reload or a lost connection, in this tab only.
  const place = (form) => `linli:keep:${location.pathname}:${form.dataset.keep || form.id || "form"}`;
  const keepable = (input) => input.name && input.dataset.keep !== "no" && input.autocomplete !== "off"
    && !["hidden", "password", "file", "submit", "button"].includes(input.type);
  const ticked = (input) => input.type === "radio" || input.type === "checkbox";

  function keep(form) {
    const typed = [...form.elements].filter(keepable)
      .map((input) => [input.name, ticked(input) ? input.value : null, ticked(input) ? input.checked : input.value]);
    try { sessionStorage.setItem(place(form), JSON.stringify({ typed, sent: false })); } catch { /* storage is full or closed */ }
  }

  function restore(form) {
    const kept = JSON.parse(sessionStorage.getItem(place(form)) ?? "null");
    if (!kept || form.dataset.kept) return;
    form.dataset.kept = "yes";
    let restored = false;
    for (const [name, value, state] of kept.typed) {
      for (const input of [...form.elements].filter((each) => each.name === name && keepable(each))) {
        if (ticked(input) && input.value === value && state && !input.checked) { input.checked = true; restored = true; }
        if (!ticked(input) && !input.value && state) { input.value = state; restored = true; }
      }
    }
    if (restored) form.dispatchEvent(new CustomEvent("linli:restored", { bubbles: true }));
  }

  // What was sent and did not come back with errors has arrived: forget it.
  function forgetSent() {
    const here = new Set(findAll("form[data-keep]").map(place));
    for (const key of Object.keys(sessionStorage)) {
      if (!key.startsWith("linli:keep:") || here.has(key)) continue;
      if (JSON.parse(sessionStorage.getItem(key)).sent) sessionStorage.removeItem(key);
    }
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form?.matches("[data-keep]")) keep(form);
    findAll(`[data-count-for="${CSS.escape(event.target.id)}"]`).forEach(count);
  });

  // --- Confirmation: data-confirm on a form or on the button that sends it.
  async function ask(text) {
    const dialog = find("#confirm-dialog");
    if (!dialog?.showModal) return window.confirm(text);
    find("#confirm-text", dialog).textContent = text;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((answer) => {
      dialog.addEventListener("close", () => answer(dialog.returnValue === "yes"), { once: true });
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const text = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (text && !form.dataset.confirmed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      ask(text).then((yes) => {
        if (!yes) return;
        form.dataset.confirmed = "yes";
        form.requestSubmit(event.submitter ?? undefined);
        delete form.dataset.confirmed;
      });
      return;
    }
    if (form.matches("[data-forget]")) sessionStorage.clear();
    if (form.matches("[data-keep]")) {
      keep(form);
      const kept = JSON.parse(sessionStorage.getItem(place(form)) ?? "null");
      if (kept) sessionStorage.setItem(place(form), JSON.stringify({ ...kept, sent: true }));
    }
  }, true);

  // --- Menus close when one looks elsewhere; buttons open dialogs.
  document.addEventListener("click", (event) => {
    findAll("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const opener = event.target.closest("[data-open-dialog]");
    if (opener) openDialog(opener.dataset.openDialog);
    if (event.target.closest("[data-print]")) window.print();
  });
  findAll("[data-print]").forEach((button) => { button.hidden = false; });

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog?.showModal || dialog.open) return;
    if (id === "key-help") listKeys(dialog);
    dialog.showModal();
  }

  // --- Keys of the desk. Single keys can be switched off in the help dialog.
  const single = () => document.body.matches("[data-shortcuts]") && localStorage.getItem("linli:keys") !== "off";
  const writing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog, [role=application]");
  const words = (element) => (element.getAttribute("aria-label") ?? element.textContent).trim();

  function listKeys(dialog) {
    const list = find("[data-key-list]", dialog);
    const keyed = findAll("[data-key]").filter(shown);
    list.replaceChildren();
    if (!keyed.length) return;
    const title = document.createElement("h3");
    title.textContent = list.dataset.title;
    const lines = document.createElement("dl");
    lines.className = "keys";
    for (const element of keyed) {
      const line = document.createElement("div");
      const name = document.createElement("dt");
      const key = document.createElement("kbd");
      const meaning = document.createElement("dd");
      key.textContent = element.dataset.key.toUpperCase();
      meaning.textContent = words(element);
      name.append(key);
      line.append(name, meaning);
      lines.append(line);
    }
    list.append(title, lines);
  }

  function rows() {
    const list = findAll('[data-keys="list"]').find(shown);
    if (!list) return [];
    const marked = findAll("[data-row]", list);
    return (marked.length ? marked : findAll("tr, li", list)).filter(shown);
  }

  function step(by) {
    const all = rows();
    if (!all.length) return false;
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  const focusedRow = () => rows().find((row) => row === document.activeElement || row.contains(document.activeElement));

  function openRow() {
    if (!focusedRow() || document.activeElement !== focusedRow()) return false;
    const link = find("a[data-open]", focusedRow()) ?? find("a[href]", focusedRow());
    link?.click();
    return Boolean(link);
  }

  function tickRow() {
    const box = focusedRow() && find("input[type=checkbox]", focusedRow());
    box?.click();
    return Boolean(box);
  }

  function press(key) {
    const element = findAll("[data-key]").filter(shown).find((each) => each.dataset.key.toLowerCase() === key);
    if (!element) return false;
    if (element.matches("input, textarea, select")) element.focus(); else element.click();
    return true;
  }

  const fixed = {
    j: () => step(1) || press("j"),
    k: () => step(-1),
    x: tickRow,
    Enter: openRow,
    "/": () => { const box = find("[data-search]"); box?.focus(); box?.select(); return Boolean(box); },
    "?": () => { openDialog("key-help"); return true; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.altKey || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.form;
      if (form && event.target.matches("input, textarea, select")) { event.preventDefault(); form.requestSubmit(); }
      return;
    }
    if (event.key === "Escape") findAll("details[data-menu][open]").forEach((menu) => { menu.open = false; find("summary", menu).focus(); });
    if (event.ctrlKey || event.metaKey || !single() || writing(event.target)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((fixed[key] ?? (() => press(key)))()) event.preventDefault();
  });

  // --- Long lists: data-filter on a select puts a box above it; what is typed there leaves the matching choices.
  function makeFilter(select) {
    if (select.dataset.filtered) return;
    select.dataset.filtered = "yes";
    const box = document.createElement("input");
    box.type = "search";
    box.className = "form-control select-filter";
    box.autocomplete = "off";
    box.placeholder = select.dataset.filter;
    box.setAttribute("aria-label", select.dataset.filter);
    box.autofocus = select.autofocus;
    const entries = [...select.options].map((option) => ({ option, home: option.parentElement, text: `${option.text} ${option.parentElement.label ?? ""}`.toLowerCase() }));
    box.addEventListener("input", () => {
      const wanted = box.value.toLowerCase().split(/\s+/).filter(Boolean);
      const chosen = select.value;
      entries.forEach(({ option, home, text }) => {
        if (!option.value || wanted.every((word) => text.includes(word))) home.append(option); else option.remove();
      });
      findAll("optgroup", select).forEach((group) => { group.hidden = !group.children.length; });
      // A name of its own goes before the name of the group around it.
      const left = entries.map(({ option }) => option).filter((option) => option.value && option.isConnected)
        .sort((a, b) => wanted.every((word) => b.text.toLowerCase().includes(word)) - wanted.every((word) => a.text.toLowerCase().includes(word)));
      select.value = left.some((option) => option.value === chosen) && !wanted.length ? chosen : (wanted.length && left[0]?.value) || chosen;
      announce(left.length ? left[0].text : "");
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") { event.preventDefault(); select.focus(); }
      if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault();
    });
    select.before(box);
    if (document.activeElement === select || select.autofocus) box.focus();
  }

  // --- Ticked rows: one box ticks all, and the bar says how many.
  function countTicks(form) {
    const boxes = findAll("[data-row] input[type=checkbox]", form);
    const n = boxes.filter((box) => box.checked).length;
    const words = find("[data-ticked]", form);
    words.dataset.plain ??= words.textContent;
    words.textContent = n ? words.dataset.ticked.replace("{n}", n) : words.dataset.plain;
    form.classList.toggle("has-ticks", n > 0);
    const all = find("[data-tick-all] input", form);
    all.checked = n === boxes.length;
    all.indeterminate = n > 0 && n < boxes.length;
  }

  function prepareTicks(form) {
    const all = find("[data-tick-all]", form);
    all.hidden = false;
    form.classList.add("ticks-on");
    form.addEventListener("change", (event) => {
      if (all.contains(event.target)) findAll("[data-row] input[type=checkbox]", form).forEach((box) => { box.checked = event.target.checked; });
      countTicks(form);
    });
    countTicks(form);
  }

  // --- Once per page, and again for every part that htmx brings in.
  function prepare(part) {
    findAll("[data-count-for]", part).forEach(count);
    findAll("form[data-keep]", part).forEach(restore);
    findAll("select[data-filter]", part).forEach(makeFilter);
    findAll("form[data-ticks]", part).forEach(prepareTicks);
    findAll("[data-key]", part).forEach((element) => element.setAttribute("aria-keyshortcuts", element.dataset.key));
    document.body.classList.toggle("keys-on", single());
    find("[data-error-summary]", part)?.focus();
  }

  document.addEventListener("htmx:load", (event) => { if (event.detail.elt !== document.body) prepare(event.detail.elt); });
  document.addEventListener("linli:restored", (event) => findAll("[data-count-for]", event.target).forEach(count));

  prepare(document);
  try { forgetSent(); } catch { /* storage is closed */ }
  const choice = find("[data-single-keys]");
  if (choice) {
    choice.checked = localStorage.getItem("linli:keys") !== "off";
    choice.addEventListener("change", () => {
      localStorage.setItem("linli:keys", choice.checked ? "on" : "off");
      document.body.classList.toggle("keys-on", single());
    });
  }
  window.linli = { announce };
})();
