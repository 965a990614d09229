import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

/** A message as it came in. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What the next messages are answered with: a status, with headers or without, or nothing at all. */
export type ReceiverAnswer =
  | number
  | "nothing"
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> };

/** An endpoint of a customer's, on this machine. */
export interface WebhookReceiver {
  /** `http://localhost:…` */
  readonly url: string;
  readonly port: number;
  readonly received: Received[];
  /** 200 until it is said otherwise. */
  answerWith(answer: ReceiverAnswer): void;
  stop(): Promise<void>;
}

/** Starts a receiver on a free port of the loopback address. */
export async function webhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  let answer: ReceiverAnswer = 200;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        path: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (answer === "nothing") return;
      if (typeof answer === "number") response.writeHead(answer);
      else response.writeHead(answer.status, answer.headers);
      response.end("x".repeat(100_000));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://localhost:${port}/hook`,
    port,
    received,
    answerWith: (next) => {
      answer = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
