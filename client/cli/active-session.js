#!/usr/bin/env node
// In a checkout the source runs as it is. Node takes no types away inside node_modules: there it is what was built.
await import(import.meta.url.includes("/node_modules/") ? "../../dist/client/cli/main.js" : "./main.ts");
