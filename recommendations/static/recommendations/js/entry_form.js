// The form of an entry saves itself as one types: to the server, and until that has it, in this tab. Kept in sessionStorage
// and not in localStorage: it is gone with the tab, and a seized device holds nothing.
(() => {
  const PREFIX = "entry:";
  const PAUSE = 1500; // after the last key, in milliseconds
  const AGAIN = 10000; // after a failure

  const read = (key) => {
    try {
      return JSON.parse(sessionStorage.getItem(PREFIX + key));
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // No room, or not allowed: what is typed is still on the page and goes to the server.
    }
  };
  const forget = (key) => sessionStorage.removeItem(PREFIX + key);
  const keys = () =>
    Object.keys(sessionStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []));

  // What the server has received need not be kept any longer.
  for (const each of document.querySelectorAll("[data-received]")) {
    const token = each.dataset.received;
    for (const key of keys()) if (token && read(key)?.token === token) forget(key);
  }

  const form = document.getElementById("entry-form");
  if (!form) return;
  const status = document.getElementById("saved");
  const said = document.getElementById("saved-said");
  // Several records are saved by the button alone; and which of two versions counts is for a person to say.
  const byHand = "several" in form.dataset || "conflict" in form.dataset;
  // 32 hexadecimal digits: the server gives back 40 characters at most.
  const token = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  let key = form.dataset.key;
  let dirty = false;
  let saving = null;
  let timer = 0;
  let state = "";

  // What somebody else typed in this tab is not theirs who sits here now.
  for (const each of keys()) if (each.split(" ")[0] !== key.split(" ")[0]) forget(each);

  const field = (name) => form.elements.namedItem(name);
  field("token").value = token;

  function tell(kind, values = {}) {
    let text = status.dataset[kind] || "";
    for (const [name, value] of Object.entries(values)) text = text.replace(`{${name}}`, value);
    if (document.querySelector("#entry-form input[type=file]")?.files.length && kind !== "busy") text += ` ${status.dataset.file}`;
    status.textContent = text;
    status.classList.toggle("save-state-failed", ["offline", "signedOut", "failed", "busy"].includes(kind));
    // A screen reader hears when it changes how things stand, not after every key.
    if (kind !== state && kind !== "typing" && !(kind === "saved" && state === "saved")) said.textContent = text;
    if (kind !== "typing") state = kind;
  }

  const typed = () => {
    const names = new FormData(form);
    names.delete("csrfmiddlewaretoken");
    return [...names].filter(([, value]) => typeof value === "string");
  };
  const keep = () => write(key, { token, typed: typed() });

  function changed() {
    dirty = true;
    keep();
    if (byHand) return tell("kept");
    tell("typing");
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  }

  // The form as the server takes it; files go only with a button, for they are large.
  function body(button) {
    const data = new FormData();
    for (const [name, value] of typed()) data.append(name, value);
    data.append("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
    data.append("do", button);
    return data;
  }
  const send = (button) => fetch(form.action, { method: "POST", body: body(button), redirect: "manual" });

  function save() {
    clearTimeout(timer);
    timer = 0;
    if (byHand || !dirty) return null;
    // One at a time: the next one names the version that this one makes.
    saving ??= saveOnce().finally(() => {
      saving = null;
      if (dirty && !timer) timer = setTimeout(save, state === "saved" || state === "leftOut" ? PAUSE : AGAIN);
    });
    return saving;
  }

  async function saveOnce() {
    dirty = false;
    let answer;
    let response;
    try {
      response = await send("autosave");
      if (response.type !== "opaqueredirect") answer = await response.json();
    } catch {
      dirty = true;
      return tell(response ? "failed" : "offline", { problem: status.dataset.broken });
    }
    if (!answer) return tell("signedOut");
    if (!response.ok) return tell("failed", { problem: answer.problem });
    if (!answer.version) return tell("nothing");
    return stored(answer);
  }

  function stored(answer) {
    field("version").value = answer.version;
    if (!("stored" in form.dataset)) becomeStored(answer);
    const whole = !answer.left_out.length;
    if (whole && !dirty) forget(key);
    else keep();
    const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
    tell(whole ? "saved" : "leftOut", { time, names: answer.left_out.join(", ") });
  }

  // A new entry has become a draft with an address of its own.
  function becomeStored(answer) {
    forget(key);
    key = `${key.split(" ")[0]} entry ${answer.address.match(/\d+/)[0]}`;
    form.dataset.stored = "";
    form.action = answer.address;
    history.replaceState(null, "", answer.address);
    const link = document.getElementById("delete-draft");
    link.href = answer.delete;
    link.hidden = false;
    for (const each of document.querySelectorAll("[data-new-only]")) each.remove();
  }

  // Part of the page that a button changes is put in its place; files that were chosen stay chosen.
  async function inPlace(button) {
    await saving;
    let page;
    try {
      const response = await send(button.value);
      if (!response.ok) throw new Error(response.statusText);
      page = new DOMParser().parseFromString(await response.text(), "text/html");
    } catch {
      return tell("busy");
    }
    replaceEvidence(page);
    form.querySelector("#evidence [autofocus]")?.focus();
    if (!["quote", "find", "around", "stop-finding"].includes(button.value.split(":")[0])) changed();
    else keep();
    return null;
  }

  function replaceEvidence(page) {
    const chosen = [...form.querySelectorAll("input[type=file]")].filter((each) => each.files.length);
    document.getElementById("evidence").replaceWith(document.adoptNode(page.getElementById("evidence")));
    for (const each of chosen) document.getElementById(each.id)?.replaceWith(each);
  }

  // What was typed before a reload: the server makes the form of it again, because it knows the evidence.
  async function restore(kept) {
    for (const [name, value] of kept.typed) {
      const control = field(name);
      if (!control || name === "token" || name === "record" || name.startsWith("evidence-")) continue;
      if (control instanceof RadioNodeList || control.type !== "checkbox") control.value = value;
    }
    const data = new FormData();
    for (const [name, value] of kept.typed) data.append(name, value);
    data.append("csrfmiddlewaretoken", field("csrfmiddlewaretoken").value);
    data.append("do", "show");
    try {
      const response = await fetch(form.action, { method: "POST", body: data, redirect: "manual" });
      if (!response.ok) throw new Error(response.statusText);
      replaceEvidence(new DOMParser().parseFromString(await response.text(), "text/html"));
    } catch {
      tell("busy");
      setTimeout(() => restore(kept), AGAIN);
      return;
    }
    changed();
    tell("restored");
  }

  form.addEventListener("input", (event) => {
    if (!["find", "everywhere"].includes(event.target.name)) changed();
  });
  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    const finds = button?.value === "enter" && document.activeElement?.id === "id_find";
    if (finds || button?.matches("[data-in-place]")) {
      event.preventDefault();
      await inPlace(finds ? form.querySelector("button[value=find]") : button);
    } else if (saving) {
      // What is on its way must arrive first, or it would be taken for somebody else's.
      event.preventDefault();
      await saving;
      form.requestSubmit(button);
    } else {
      clearTimeout(timer);
      keep();
    }
  });
  for (const each of document.querySelectorAll("[data-forget]")) {
    each.addEventListener("click", () => {
      clearTimeout(timer);
      forget(key);
    });
  }
  // Somebody signs out, here or in another tab: what was typed goes to the server now.
  const others = new BroadcastChannel("entry-forms");
  others.onmessage = async ({ data }) => {
    if (data !== "leaving" || !read(key)) return;
    others.postMessage({ form: token, state: "sending" });
    await saving;
    if (dirty) await save();
    others.postMessage({ form: token, state: read(key) ? "kept" : "sent" });
  };

  window.addEventListener("online", () => dirty && save());
  document.addEventListener("visibilitychange", () => document.hidden && save());

  // The page that asks once more was made at another address: a reload is to find the draft.
  if ("stored" in form.dataset) history.replaceState(null, "", form.action);

  const kept = read(key);
  if ("unsaved" in form.dataset) changed();
  else if (kept) restore(kept);
})();
