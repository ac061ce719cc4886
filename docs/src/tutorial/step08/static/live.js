const scheme = location.protocol === "https:" ? "wss:" : "ws:";
const socket = new WebSocket(`${scheme}//${location.host}/live`);

socket.onmessage = (message) => {
  const book = JSON.parse(message.data);
  const link = document.createElement("a");
  link.href = `/books/${book.id}`;
  link.textContent = book.title;
  const item = document.createElement("li");
  item.append(link);
  document.querySelector("ul").append(item);
};
