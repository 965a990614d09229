import {
  GetParameterCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from "@aws-sdk/client-ssm";
import { createSecretsDocument } from "../../lib/aws/secrets-document.ts";
import type { SecretsMaker } from "./set-up.ts";

/** The secrets of a stage in AWS Systems Manager, as one SecureString under AWS's own key. */
export function secretsParameter(client: SSMClient, name: string, now: () => number): SecretsMaker {
  return {
    exist: async () => {
      try {
        // Without its value: whether it is there is all that is asked.
        await client.send(new GetParameterCommand({ Name: name, WithDecryption: false }));
        return true;
      } catch (thrown) {
        if (thrown instanceof ParameterNotFound) return false;
        throw thrown;
      }
    },
    make: async () => {
      const Value = JSON.stringify(createSecretsDocument(now()));
      try {
        await client.send(
          new PutParameterCommand({ Name: name, Type: "SecureString", Value, Overwrite: false }),
        );
        return true;
      } catch (thrown) {
        // Keys that are in use are never replaced here: all that they made would be lost.
        if (thrown instanceof ParameterAlreadyExists) return false;
        throw thrown;
      }
    },
  };
}
