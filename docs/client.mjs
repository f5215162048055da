// Hears of a stream, asks about it, prints the answer as it comes, and goes on after a cut (Node 22 or newer):
//   node docs/client.mjs ws://127.0.0.1:7311/api/v1/ws demo "What can you see now?"
const [address, stream, text] = process.argv.slice(2);
let session, lastSeq = 0;
function connect() {
  const socket = new WebSocket(address);
  const send = event => socket.send(JSON.stringify(event));
  let again = setTimeout.bind(null, connect, 1000);
  socket.onclose = socket.onerror = () => { again(); again = () => {}; };
  socket.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.type === "session.created" && session) {
      return send({ type: "session.resume", session_id: session, last_seq: lastSeq });
    }
    lastSeq = event.seq;
    if (event.type === "session.created") {
      session = event.session_id;
      send({ type: "subscribe", stream, kinds: ["stream.state", "commentary"] });
      send({ type: "question.create", id: "q1", stream, text });
    } else if (event.type === "stream.state") console.log(event.stream, "is", event.state);
    else if (event.type === "answer.delta") process.stdout.write(event.text);
    else if (event.type === "commentary.done") console.log(event.remark.text);
    else if (event.type === "error") console.error(event.message);
    if (["answer.done", "error"].includes(event.type)) {
      again = () => process.exit(event.type === "error" ? 1 : 0);
      socket.close(1000); // nobody will resume: the session may go
    }
  };
}
connect();
