// @uploadx/core, an independent server of resumable uploads (PeerTube's), on a free loopback port. Takes a folder; says one
// line of JSON when it is ready, and ends when its stdin does.
import { createServer } from "node:http";
import { uploadx } from "@uploadx/core";

const [directory] = process.argv.slice(2);
const handle = uploadx({
  directory,
  maxUploadSize: "1GB",
  allowMIME: ["video/*"],
  useRelativeLocation: true,
  logLevel: "none",
  filename: (file) => file.id,
});
const server = createServer((request, response) => {
  handle(request, response, (error) => {
    response.statusCode = error ? 500 : 404;
    response.end(JSON.stringify({ error: { message: String(error ?? "not found") } }));
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(JSON.stringify({ address: `http://127.0.0.1:${server.address().port}` }));
});
process.stdin.resume().on("end", () => process.exit(0));
