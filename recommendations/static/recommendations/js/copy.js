// Adds a "Copy" button beside each text that is made to be copied, in the words that it carries; without JavaScript the text is simply there.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button-quiet";
  button.textContent = text.dataset.copy;
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  said.className = "copied small";
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.textContent.trim());
    said.textContent = text.dataset.copied;
  });
  text.after(button, " ", said);
}
