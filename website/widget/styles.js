// The widget's styles, as one constructed sheet: no page's content policy has to allow them.

const FILES = ["tokens", "launcher", "panel", "log", "banner", "composer", "survey", "left", "by-email"];

export const sheet = new CSSStyleSheet();

export const styled = Promise.all(FILES.map(read)).then((texts) => sheet.replace(texts.join("\n")));

async function read(name) {
  const response = await fetch(new URL(`./css/${name}.css`, import.meta.url));
  if (!response.ok) throw new Error(`The chat's styles are missing: ${name}.css`);
  return response.text();
}
