"use strict";
const connection = document.getElementById("connection");
const shown = {};
function show(name, html) {
  if (shown[name] === html) return;
  shown[name] = html;
  document.getElementById(name).innerHTML = html;
}
function follow() {
  const events = new EventSource("/status/events");
  for (const name of ["state", "served", "ingest", "archives"]) {
    events.addEventListener(name, event => show(name, event.data));
  }
  events.onopen = () => { connection.textContent = "This page follows the mirror."; };
  events.onerror = () => {
    connection.textContent = "The mirror does not answer; this page shows what it last said, and tries again.";
    if (events.readyState === EventSource.CLOSED) setTimeout(follow, 5000);
  };
}
follow();
for (const command of document.querySelectorAll("pre")) {
  if (!navigator.clipboard) break;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.textContent = "Copy";
  copy.addEventListener("click", () => navigator.clipboard.writeText(command.firstChild.textContent)
    .then(() => { copy.textContent = "Copied"; setTimeout(() => { copy.textContent = "Copy"; }, 2000); }));
  command.after(copy);
}
