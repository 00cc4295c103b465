// "/" leads to the field that finds records, unless somebody is typing or has switched the key off.
(() => {
  const field = document.getElementById("desk-find");
  // In a cookie, because signing out empties the storage.
  const off = () => document.cookie.split("; ").includes("desk-find-key=off");

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
  box.addEventListener("change", () => {
    const age = box.checked ? 0 : 31536000;
    document.cookie = `desk-find-key=off; path=/; max-age=${age}; samesite=lax`;
  });
})();
