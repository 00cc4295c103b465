// "/" leads to the field that finds records, unless somebody is typing or has switched the key off.
(() => {
  const field = document.getElementById("desk-find");
  const KEY = "desk-find-key";
  const off = () => localStorage.getItem(KEY) === "off";

  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || off()) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  const box = document.getElementById("find-key");
  if (!box) return;
  box.closest("[hidden]").hidden = false;
  box.checked = !off();
  box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));
})();
