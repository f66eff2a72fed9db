// One message in the log, with its author; the customer's own also with how its delivery stands.

import { el, icon, icons } from "./dom.js";
import { destination, withLinks } from "./links.js";
import { shortTime } from "./times.js";
import { words } from "./words.js";

export function bubble({ author, name, text, at, buttons, edited, deleted }, server, onFile) {
  if (author === "system") return el("p", { class: "line" }, text);
  const own = author === "customer";
  return el(
    "div",
    { class: `message ${author}` },
    el(
      "p",
      { class: "author" },
      el("span", { class: "name" }, authorOf(author, name)),
      at ? el("time", { datetime: at }, shortTime(at)) : null,
      edited && !deleted ? el("span", { class: "edited" }, words.edited) : null,
    ),
    deleted
      ? el("p", { class: "bubble deleted" }, words.deletedBy(authorOf(author, name)))
      : el(
          "p",
          { class: "bubble", dir: "auto", lang: author === "bot" ? "en" : null },
          ...(own ? [text] : withLinks(text)),
        ),
    ...(deleted ? [] : [...files(buttons ?? [], onFile), ...readMore(buttons ?? [], server)]),
  );
}

const FILE = "/files/";

// A file needs the visitor's token, which a link cannot carry.
function files(buttons, onFile) {
  return buttons
    .filter(({ url }) => url?.startsWith(FILE))
    .map(({ title, url }) =>
      el(
        "button",
        { type: "button", class: "file", onclick: () => onFile(url.slice(FILE.length), title) },
        icon(icons.file),
        title,
      ),
    );
}

// The links stay with their answer, unlike what one may say to it.
function readMore(buttons, server) {
  return buttons
    .filter(({ url }) => !url?.startsWith(FILE))
    .map(({ title, url }) => [title, url && destination(url, server)])
    .filter(([, address]) => address)
    .map(([title, address]) =>
      el(
        "a",
        { class: "read-more", href: address, target: "_blank", rel: "noopener noreferrer" },
        title,
        icon(icons.away),
        el("span", { class: "quiet" }, words.newTab),
      ),
    );
}

export function authorOf(author, name) {
  if (author === "customer") return words.you;
  if (author === "bot") return words.assistant;
  return name || words.agent;
}

// The line under an own message that is not confirmed; null once it is.
export function delivery({ status, reason, client_id: clientId }, onRetry) {
  if (status === "sent") return null;
  if (status === "sending") return el("p", { class: "delivery" }, words.sending);
  const why = status === "late" ? words.notSentYet : `${words.notSent} ${reason ?? ""}`.trim();
  return el(
    "p",
    { class: "delivery failed" },
    el("span", {}, why),
    el("button", { type: "button", class: "retry", onclick: () => onRetry(clientId) }, words.retry),
  );
}
