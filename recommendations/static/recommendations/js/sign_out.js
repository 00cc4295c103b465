// Signing out empties what the browser keeps. What was typed and is not with the server yet is sent before, from
// every tab; where that fails, the first press only says so, and the second one signs out.
(() => {
  const SOON = 300; // until each entry form has answered, in milliseconds
  const PATIENCE = 4000; // until all is sent
  const kept = () => Object.keys(sessionStorage).some((key) => key.startsWith("entry:"));
  const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
  const asks = document.getElementById("sign-out-asks");
  const entryForms = new BroadcastChannel("entry-forms");
  let asked = false;

  // Whether every entry form, of this tab and of others, is with the server now.
  async function sendAll() {
    const states = new Map();
    entryForms.onmessage = ({ data }) => states.set(data.form, data.state);
    entryForms.postMessage("leaving");
    let waited = 0;
    do {
      await pause(SOON);
      waited += SOON;
    } while ([...states.values()].includes("sending") && waited < PATIENCE);
    return [...states.values()].every((state) => state === "sent") && !kept();
  }

  for (const form of document.querySelectorAll("form[data-sign-out]")) {
    form.addEventListener("submit", async (event) => {
      if (asked) return;
      event.preventDefault();
      if (await sendAll()) return form.submit();
      asked = true;
      asks.hidden = false;
    });
  }
  document.addEventListener("input", () => {
    asked = false;
    asks.hidden = true;
  });
})();
