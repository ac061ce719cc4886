// Puts every new entry on top of the list, as the server tells of it.
const url = new URL(document.currentScript.dataset.url, location.href);
url.protocol = url.protocol.replace("http", "ws");

new WebSocket(url).addEventListener("message", (event) => {
  const entry = JSON.parse(event.data);
  const name = document.createElement("b");
  const time = document.createElement("time");
  const item = document.createElement("li");
  name.textContent = entry.name;
  time.textContent = entry.written_at;
  item.append(name, " ", time, "\n" + entry.message);
  document.getElementById("entries").prepend(item);
});
