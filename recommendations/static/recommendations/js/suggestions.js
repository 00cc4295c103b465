// One key a decision: j and k walk, a accepts, d dismisses, e goes to the rationale, u takes the last one back.
// Who has switched the keys of the desk off has none here. In a field a letter is a letter.
(() => {
  const rows = [...document.querySelectorAll(".suggestion")];
  const marks = [...document.querySelectorAll("#words mark")];
  const here = () => document.activeElement.closest(".suggestion");

  // The words that the chosen suggestion shares; of all of them while none is chosen.
  const show = () => {
    const stems = here()?.dataset.stems.split(" ");
    for (const mark of marks) mark.classList.toggle("mark-inactive", Boolean(stems) && !stems.includes(mark.dataset.stem));
  };
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", () => setTimeout(show));

  // After a decision the address names the next one; it may have been decided meanwhile.
  if (location.hash) (document.getElementById(location.hash.slice(1))?.closest(".suggestion") ?? rows[0])?.focus();

  if (localStorage.getItem("desk-find-key") === "off") return;
  for (const each of document.querySelectorAll(".shortcut-keys[hidden], .suggestion kbd[hidden]")) each.hidden = false;
  let sent = false;
  const press = (button) => {
    if (!button || sent) return;
    sent = true;
    button.click();
  };
  // Back from the next page, this one may be as it was left.
  addEventListener("pageshow", () => { sent = false; });
  const act = {
    j: () => (rows[rows.indexOf(here()) + 1] ?? rows.at(-1))?.focus(),
    k: () => rows[Math.max(rows.indexOf(here()) - 1, 0)]?.focus(),
    a: () => press(here()?.querySelector("[value=accept]")),
    d: () => press(here()?.querySelector("[value=dismiss]")),
    e: () => here()?.querySelector("[name=rationale]")?.select(),
    u: () => press(document.querySelector("[value=take_back]")),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.key === "Escape" && event.target.matches("input, select")) here()?.focus();
    if (event.target.closest("input, textarea, select, [contenteditable]") || !Object.hasOwn(act, event.key)) return;
    event.preventDefault();
    act[event.key]();
  });
})();
