// prism (an independent reader of OpenAPI) as a referee of requests, on a loopback port. Takes a document and a port; says
// one line of JSON when it is ready, and ends when its stdin does.
import { createRequire } from "node:module";

const cli = createRequire(createRequire(import.meta.url).resolve("@stoplight/prism-cli"));
const { createLogger } = cli("@stoplight/prism-core");
const { getHttpOperationsFromSpec } = cli("@stoplight/prism-http");
const { createServer } = cli("@stoplight/prism-http-server");

const [document, port] = process.argv.slice(2);
const operations = await getHttpOperationsFromSpec(document);
const server = createServer(operations, {
  cors: false,
  components: { logger: createLogger("referee", { level: "silent" }) },
  config: {
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: false,
    errors: false, // the official document's examples break its own patterns
    upstreamProxy: undefined,
    mock: { dynamic: false },
  },
});
const address = await server.listen(Number(port), "127.0.0.1");
console.log(JSON.stringify({ address, operations: operations.length }));
process.stdin.resume().on("end", () => process.exit(0));
