import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { deploymentSecrets } from "../../../lib/aws/secrets.ts";

test("a store that takes connections and answers nothing is unavailable, and nobody hangs on it", async () => {
  const server = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  Object.assign(process.env, {
    ...{ AWS_REGION: "eu-central-1", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
    AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`,
  });
  const secrets = deploymentSecrets({ parameter: "/active-session/test/secrets" }, () => 0);
  await expect(secrets.current()).rejects.toMatchObject({ code: "unavailable" });
  server.closeAllConnections();
  server.close();
});
