import { sessionAuthorizer } from "active-session/authorizer";

/** Lets the gateway call the functions of machines for whoever may read that machine. */
export const handler = sessionAuthorizer({
  action: "vm:read",
  resource: ({ pathParameters }) => `vm/${pathParameters?.["id"]}`,
});
