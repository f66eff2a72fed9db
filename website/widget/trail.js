// The pages of this site that were looked at in this tab: paths alone, no search words, and never
// what was looked at elsewhere. An agent then knows what the question may be about.

import { ofThisTab } from "./memory.js";

const MOST = 5;
const LONGEST = 200;

export function notePage() {
  const trail = ofThisTab.read("trail", []);
  const here = location.pathname.slice(0, LONGEST);
  if (trail.at(-1) !== here) ofThisTab.write("trail", [...trail, here].slice(-MOST - 1));
}

export function pagesBefore() {
  const here = location.pathname.slice(0, LONGEST);
  const trail = ofThisTab.read("trail", []);
  return (trail.at(-1) === here ? trail.slice(0, -1) : trail).slice(-MOST);
}
