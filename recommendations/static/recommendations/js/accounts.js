// What works with a script only is shown by it; what a key could not do is said in words.
(() => {
  if (window.PublicKeyCredential) {
    for (const each of document.querySelectorAll(".needs-script")) each.hidden = false;
  } else {
    for (const each of document.querySelectorAll(".without-key")) each.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const each of document.querySelectorAll(".key-failed")) {
      each.hidden = false;
      each.focus();
    }
  });
})();

// A long list of boxes gets a field that narrows it; what is ticked always stays in sight.
(() => {
  for (const list of document.querySelectorAll("[data-narrow]")) {
    const boxes = [...list.querySelectorAll(".choices > li")];
    if (boxes.length < 12) continue;
    const field = document.getElementById(list.dataset.narrow);
    field.closest("[hidden]").hidden = false;
    field.addEventListener("input", () => {
      const wanted = field.value.trim().toLowerCase();
      for (const each of boxes) {
        each.hidden = !each.querySelector("input").checked && !each.textContent.toLowerCase().includes(wanted);
      }
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
})();
