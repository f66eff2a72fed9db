// Turns web addresses in an answer into links; everything else stays text.

import { el } from "./dom.js";

const ADDRESS = /https?:\/\/[^\s<>"']+/g;
const TRAILING = /[.,;:!?)\]]+$/;

// Where a link of an answer leads: a page of the chat's own server, or https; null otherwise.
export function destination(url, server) {
  try {
    const address = new URL(url, server);
    const own = address.origin === new URL(server).origin;
    return own || address.protocol === "https:" ? address.href : null;
  } catch {
    return null;
  }
}

export function withLinks(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    nodes.push(text.slice(from, match.index));
    nodes.push(el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address));
    from = match.index + address.length;
  }
  nodes.push(text.slice(from));
  return nodes.filter((node) => node !== "");
}
