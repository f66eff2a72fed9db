// Keeps an open desk page fresh and sends its forms without leaving it.
// Without JavaScript every form still works: it posts, and the page comes back.

const live = document.querySelector("[data-live]");
const { localise } = await import(document.querySelector('script[src*="times.js"]').src);

function parsed(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  localise(fresh);
  return fresh;
}

// Put the new parts in the place of the old ones; what did not change is not touched.
function update(fresh) {
  const atEnd = window.innerHeight + window.scrollY >= document.body.scrollHeight - 160;
  for (const part of fresh.querySelectorAll("[data-part]")) {
    const old = document.getElementById(part.id);
    if (!old || isCurrent(old, part)) continue;
    if (part.dataset.title) document.title = part.dataset.title;
    if ("grows" in part.dataset) grow(old, part);
    else replace(old, part);
  }
  return atEnd;
}

// Forms on their way. What they are in stays until their own answer: a copy would hold the text again.
const sending = new Set();

// A part with a state keeps what is being typed in it until that state is another.
function isCurrent(old, part) {
  if ([...sending].some((form) => old.contains(form))) return true;
  if (part.dataset.state !== undefined) return old.dataset.state === part.dataset.state;
  return old.isEqualNode(part);
}

function grow(old, part) {
  for (const item of [...part.children]) {
    const known = document.getElementById(item.id);
    if (!known) old.append(item);
    else if (!known.isEqualNode(item) && !known.querySelector("details[open]")) known.replaceWith(item);
  }
}

function replace(old, part) {
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  for (const area of old.querySelectorAll("textarea[id]")) {
    const same = part.querySelector(`#${area.id}`);
    if (!same || !area.value) continue;
    same.value = area.value;
    same.closest("[hidden]")?.removeAttribute("hidden");
    if (area.closest("details")?.open) same.closest("details").open = true;
  }
  for (const picker of old.querySelectorAll("input[type=file]")) {
    part.querySelector(`#${picker.id}`)?.replaceWith(picker);
  }
  old.replaceWith(part);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

let fetching = false;
let again = false;

async function refresh() {
  if (fetching) {
    again = true;
    return;
  }
  fetching = true;
  try {
    const response = await fetch(live.dataset.live, { redirect: "error" });
    if (response.status === 401) window.location.reload();
    else if (response.ok) update(parsed(await response.text()));
  } catch {
    // No connection: the stream comes back by itself and asks again.
  }
  fetching = false;
  if (again) {
    again = false;
    refresh();
  }
}

function complain(text) {
  const place = document.querySelector("[data-alert]");
  const line = document.createElement("p");
  line.className = "alert";
  line.textContent = text;
  place.replaceChildren(...(text ? [line] : []));
  if (text) place.scrollIntoView({ block: "nearest" });
}

// A larger body would end the connection before anybody could say why.
function tooLarge(form) {
  for (const picker of form.querySelectorAll("input[data-largest]")) {
    const [file] = picker.files;
    const largest = Number(picker.dataset.largest);
    if (file?.size > largest) return `${file.name} is too large: at most ${largest / 1e6} MB fit.`;
  }
  return "";
}

function bodyOf(form) {
  const fields = new FormData(form);
  return form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
}

async function send(form) {
  const large = tooLarge(form);
  if (large) {
    complain(large);
    return;
  }
  const button = form.querySelector("button");
  button.disabled = true;
  sending.add(form);
  try {
    const response = await fetch(form.action, { method: "POST", body: bodyOf(form) });
    const fresh = parsed(await response.text());
    sending.delete(form);
    take(form, fresh, response.ok);
  } catch {
    complain("Not sent: there is no connection. What you wrote is kept; send it again in a moment.");
  }
  sending.delete(form);
  button.disabled = false;
  refresh();
}

function take(form, fresh, done) {
  const problem = fresh.querySelector("[data-alert]")?.textContent.trim();
  if (!done && !problem) {
    complain(fresh.querySelector("main .lead")?.textContent ?? "Not sent. Reload the page.");
    return;
  }
  complain(problem ?? "");
  if (done) renew(form, fresh.getElementById(form.id));
  const atEnd = update(fresh);
  if (done && atEnd) document.getElementById("composer")?.scrollIntoView({ block: "end" });
  const field = form.querySelector("textarea")?.id ?? (problem ? "alert" : (form.dataset.then ?? "composer"));
  document.getElementById(field)?.focus({ preventScroll: Boolean(problem) });
  if (problem) document.getElementById("alert").scrollIntoView({ block: "nearest" });
}

// The next message is another one: its text is empty and its key is new.
function renew(form, fresh) {
  form.closest("details")?.removeAttribute("open");
  const fields = "textarea:not([data-keeps]), input[type=file]";
  for (const field of form.querySelectorAll(fields)) field.value = "";
  if (fresh?.elements.key) form.elements.key.value = fresh.elements.key.value;
}

document.addEventListener("submit", (event) => {
  if (!live.contains(event.target)) return;
  event.preventDefault();
  send(event.target);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target.matches("textarea[data-send]")) event.target.form.requestSubmit();
});

// A pasted picture waits beside the reply: only a press sends it.
document.addEventListener("paste", (event) => {
  const files = event.clipboardData.files;
  const form = document.getElementById("file-form");
  if (!files.length || !form || event.target.id !== "reply") return;
  event.preventDefault();
  form.elements.file.files = files;
  form.querySelector("button").focus();
});

// Whose case it is knows why it came: they go on below the newest line.
if (live.dataset.opensAt && !window.location.hash) {
  document.getElementById(live.dataset.opensAt)?.scrollIntoView({ block: "end" });
}

new EventSource(live.dataset.events).addEventListener("changed", refresh);
