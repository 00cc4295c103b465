// What htmx does not do by itself when a new list takes the place of the old one: groups stay open or shut,
// half-typed words stay, focus stays on the control just used, and a screen reader hears how many there are.
(() => {
  const list = () => document.getElementById("list");
  const live = () => document.getElementById("list-live");
  let kept = null;

  function keep() {
    const active = document.activeElement;
    kept = { open: {}, scroll: {}, typed: {}, focus: list().contains(active) ? active.id : "" };
    for (const each of list().querySelectorAll("details[id]")) kept.open[each.id] = each.open;
    for (const each of list().querySelectorAll("[data-keep-scroll]")) kept.scroll[each.id] = each.scrollTop;
    for (const each of list().querySelectorAll(".facet-find input")) kept.typed[each.id] = each.value;
  }

  function restore(fromLink) {
    if (!kept) return;
    for (const [id, open] of Object.entries(kept.open)) {
      const group = document.getElementById(id);
      if (group) group.open = open;
    }
    prepare();
    for (const [id, text] of Object.entries(kept.typed)) {
      const field = document.getElementById(id);
      if (field && text) find(field, text);
    }
    for (const [id, top] of Object.entries(kept.scroll)) {
      const box = document.getElementById(id);
      if (box) box.scrollTop = top;
    }
    const control = document.getElementById(kept.focus);
    if (control) control.focus({ preventScroll: true });
    else if (fromLink) document.getElementById("list-count").focus();
    kept = null;
  }

  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  // Show only the values with these letters, with the value that holds them, and always what is chosen.
  function find(field, text) {
    field.value = text;
    const group = field.closest(".facet");
    const letters = plain(text.trim());
    let holder = null;
    let shown = 0;
    for (const item of group.querySelectorAll("li")) {
      if (!item.matches(".nested")) holder = item;
      const found = plain(item.textContent).includes(letters);
      item.hidden = !found && !item.querySelector(":checked");
      if (found && holder) holder.hidden = false;
      shown += found;
    }
    const rest = group.querySelector(".facet-zero-values");
    if (rest && letters) rest.open = true;
    if (letters) live().textContent = `${live().dataset.values} ${shown}`;
  }

  function prepare() {
    for (const label of list().querySelectorAll(".facet-find")) label.hidden = false;
  }

  const isFind = (event) => event.target.matches?.(".facet-find input");
  document.addEventListener("input", (event) => isFind(event) && find(event.target, event.target.value));
  // What is typed to find a value is no filter: it neither sends the form nor counts as a change of it.
  document.addEventListener("change", (event) => isFind(event) && event.stopPropagation(), true);
  document.addEventListener("keydown", (event) => {
    if (isFind(event) && event.key === "Enter") event.preventDefault();
  });

  document.addEventListener("htmx:beforeRequest", () => {
    live().textContent = "";
    list().setAttribute("aria-busy", "true");
  });
  document.addEventListener("htmx:beforeSwap", keep);
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!kept) return;
    restore(event.detail.requestConfig?.elt.matches("a"));
    live().textContent = document.getElementById("list-count").textContent.trim();
  });
  document.addEventListener("htmx:historyCacheMissLoad", keep);
  document.addEventListener("htmx:historyRestore", () => {
    restore(false);
    live().textContent = document.getElementById("list-count").textContent.trim();
  });
  // Where the new list cannot be had in place, the browser goes there and shows what the server says.
  for (const failure of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(failure, (event) => location.assign(event.detail.pathInfo.finalRequestPath));
  }
  document.addEventListener("htmx:historyCacheMissLoadError", () => location.reload());

  document.documentElement.classList.add("scripted");
  prepare();
})();
