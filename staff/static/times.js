// Shows every <time data-show> in the reader's own time zone. Without JavaScript it stays in UTC.
// A <time data-zone> is a clock somewhere else: it goes on.

const formats = {
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  moment: { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "long", year: "numeric" },
};

export function localise(root) {
  for (const element of root.querySelectorAll("time[data-show]")) {
    const moment = new Date(element.dateTime);
    const format = new Intl.DateTimeFormat("en-GB", formats[element.dataset.show]);
    element.textContent = format.format(moment);
    element.title = moment.toLocaleString("en-GB", { dateStyle: "full", timeStyle: "long" });
  }
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-zone]")) {
    const there = { ...formats.time, timeZone: clock.dataset.zone };
    try {
      clock.textContent = new Intl.DateTimeFormat("en-GB", there).format(new Date());
      clock.dateTime = clock.textContent;
    } catch {
      // A zone that this browser does not know keeps the time of the page.
    }
  }
}

localise(document);
setInterval(tick, 15_000);
