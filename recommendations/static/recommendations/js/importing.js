// Reviewing drafts by keys. Everything is a button or a link too; the keys can be switched off.
(() => {
  const list = document.getElementById("passages");
  const box = document.getElementById("import-keys");
  if (!list || !box) return;
  const drafts = () => [...list.querySelectorAll(".draft")];
  const current = () => document.activeElement?.closest?.(".draft");

  box.closest("[hidden]").hidden = false;
  // In a cookie, because signing out empties the storage.
  box.checked = !document.cookie.split("; ").includes("import-keys=off");
  box.addEventListener("change", () => {
    const age = box.checked ? 0 : 31536000;
    document.cookie = `import-keys=off; path=/desk/; max-age=${age}; samesite=lax`;
  });

  function goTo(draft) {
    if (!draft) return;
    draft.focus({ preventScroll: true });
    draft.scrollIntoView({ block: "nearest" });
  }

  function mark() {
    const at = current()?.id.replace("draft-", "");
    for (const each of list.querySelectorAll("mark")) {
      each.classList.toggle("is-current", each.dataset.draft === at);
    }
  }
  list.addEventListener("focusin", mark);

  function step(by) {
    const all = drafts();
    const at = all.indexOf(current());
    goTo(at < 0 ? all.find((each) => each.dataset.standing === "open") || all[0] : all[at + by]);
  }

  document.addEventListener("keydown", (event) => {
    if (!box.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const key = event.key.toLowerCase();
    const by = { j: 1, arrowdown: 1, k: -1, arrowup: -1 }[key];
    // The arrows scroll the page until a draft has the focus.
    if (by && (current() || key.length === 1)) {
      event.preventDefault();
      step(by);
      return;
    }
    const control = key.length === 1 && current()?.querySelector(`[data-key="${key}"]`);
    if (control) {
      event.preventDefault();
      control.click();
    }
  });

  // After a decision: on to the next that is open, or stay with what was refused or opened again.
  let from = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const draft = event.target.closest(".draft");
    from = draft && { id: draft.id, next: drafts()[drafts().indexOf(draft) + 1]?.id, at: drafts().indexOf(draft) };
  });
  document.body.addEventListener("htmx:afterSettle", () => {
    if (!from) return;
    const all = drafts();
    const same = document.getElementById(from.id);
    const stays = !same || same.dataset.standing === "open" || same.querySelector("[role=alert]");
    const open = all.slice(Math.max(0, all.indexOf(same))).find((each) => each.dataset.standing === "open");
    goTo(stays ? same || all[Math.min(from.at, all.length - 1)] : open || same);
    from = null;
    // The buttons that decide on all know the versions of when the page was made.
    const seen = new Map(all.map((each) => [each.id.replace("draft-", ""), each]));
    for (const input of document.querySelectorAll("input[name=seen]")) {
      const pk = input.value.split(":")[0];
      const draft = seen.get(pk);
      if (draft?.dataset.standing !== "open") input.remove();
      else input.value = `${pk}:${draft.querySelector("input[name=version]").value}`;
    }
    for (const button of document.querySelectorAll(".sticky-actions button[name=do]")) {
      button.hidden = !document.querySelector("input[name=seen]");
    }
  });
})();
