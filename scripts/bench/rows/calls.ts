/** Rows 2, 3, 4 and 9: what requests ask of DynamoDB, counted at the client that all functions share. */
import { authorised } from "../calls/authorised.ts";
import { record } from "../calls/record.ts";
import { revokeAll } from "../calls/revoke-all.ts";
import { signIn } from "../calls/sign-in.ts";
import { startProduct } from "../product.ts";
import type { Row } from "../row.ts";

export async function measure(): Promise<readonly Row[]> {
  const product = await startProduct();
  try {
    const rows: Row[] = [];
    for (const measureOne of [authorised, signIn, revokeAll, record])
      rows.push(...(await measureOne(product)));
    return rows;
  } finally {
    product.stop();
  }
}
