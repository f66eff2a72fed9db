// Keeps "Your account" true while the chat changes it. Without this the page is true when it loads.

const EVERY_MS = 3000;
const account = document.getElementById("account-view");
let shown = null;

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(account.dataset.source);
    if (!response.ok) return;
    const text = await response.text();
    if (text !== shown) show(text);
    shown = text;
  } catch {
    // the server is away; the next look tells
  }
}

function show(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const open = new Set(opened().map((details) => details.textContent));
  account.replaceChildren(...page.body.childNodes);
  for (const details of account.querySelectorAll("details")) {
    details.open = open.has(details.textContent);
  }
}

function opened() {
  return [...account.querySelectorAll("details[open]")];
}

if (account) {
  look();
  setInterval(look, EVERY_MS);
}
