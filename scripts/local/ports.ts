import { createServer } from "node:net";

/** A port of 127.0.0.1 that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("The system has no free port left.");
  return port;
}

/** Whether the port can be listened on, on the loopback and on every interface alike. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await listenOnce(port, "127.0.0.1")) !== undefined && (await listenOnce(port, "::")) !== undefined;
}

/** Listens and closes again: the port, or `undefined` where it is taken. */
function listenOnce(port: number, host = "127.0.0.1"): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => {
      // A machine without IPv6 has nothing listening there either.
      resolve(error.code === "EAFNOSUPPORT" || error.code === "EADDRNOTAVAIL" ? port : undefined);
    });
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : undefined));
    });
  });
}
