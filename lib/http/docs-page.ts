import { errorCodes, GUIDE } from "./api-guide.ts";
import { type Html, html } from "./html.ts";
import type { OpenApiDocument, OpenApiOperation } from "./openapi.ts";
import type { JsonObject } from "./openapi-components.ts";
import { schemaTree } from "./schema-tree.ts";

/** An operation with where it is. */
interface Listed {
  readonly method: string;
  readonly path: string;
  readonly operation: OpenApiOperation;
}

/**
 * Writes the API's reference as one page without any script: the browser's own search finds everything, and links
 * go to every operation. `styleSource` is where its style sheet is.
 */
export function docsPage(document: OpenApiDocument, styleSource: string): string {
  const operations = listed(document);
  const schemas = Object.entries(document.components["schemas"] ?? {});
  const { markup } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${document.info.title} API</title>
<link rel="stylesheet" href="${styleSource}">
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<nav aria-label="Contents">
<p class="brand"><a href="#content">${document.info.title}</a> <small>${document.info.version}</small></p>
<p><a href="/openapi.json">openapi.json</a></p>
${contents(document, operations)}
</nav>
<main id="content">
<h1>${document.info.title} API</h1>
${guide()}
${document.tags.map(({ name }) => tagSection(name, document, operations))}
<section id="schemas"><h2>Schemas</h2>
${schemas.map(([name, schema]) => schemaSection(name, schema))}
</section>
</main>
</body>
</html>`;
  return markup;
}

function listed({ paths }: OpenApiDocument): readonly Listed[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

function contents({ tags }: OpenApiDocument, operations: readonly Listed[]): Html {
  const group = (title: string, links: readonly Html[]) =>
    html`<h2>${title}</h2><ul>${links.map((link) => html`<li>${link}</li>`)}</ul>`;
  return html`${group(
    "Guide",
    GUIDE.map(({ title }) => html`<a href="#${slug(title)}">${title}</a>`),
  )}${tags.map(({ name }) =>
    group(name, operations.filter(({ operation }) => operation.tags.includes(name)).map(contentsLink)),
  )}`;
}

function contentsLink({ method, path, operation }: Listed): Html {
  return html`<a href="#${operation.operationId}" title="${method} ${path}">${badge(method)}<span>${inline(operation.summary)}</span></a>`;
}

function guide(): Html {
  const rows = errorCodes().map(
    ({ code, status, title }) =>
      html`<tr><td>${status}</td><td><code>${code}</code></td><td>${title}</td></tr>`,
  );
  return html`${GUIDE.map(
    ({ title, paragraphs }) =>
      html`<section id="${slug(title)}"><h2>${title}</h2>${paragraphs.map((text) => html`<p>${inline(text)}</p>`)}</section>`,
  )}<div class="scroll"><table>
<thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function tagSection(name: string, document: OpenApiDocument, operations: readonly Listed[]): Html {
  return html`<section id="${slug(name)}"><h2>${name}</h2>
${operations.filter(({ operation }) => operation.tags.includes(name)).map((one) => operationArticle(one, document))}
</section>`;
}

function operationArticle({ method, path, operation }: Listed, document: OpenApiDocument): Html {
  const paragraphs = (operation.description ?? "").split("\n\n").filter((text) => text !== "");
  return html`<article id="${operation.operationId}">
<h3><a href="#${operation.operationId}">${inline(operation.summary)}</a></h3>
<p class="route">${badge(method)}<code>${path}</code></p>
${paragraphs.map((text) => html`<p>${inline(text)}</p>`)}
${parameters(operation, document)}
${requestBody(operation)}
${answers(operation)}
</article>`;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: JsonObject;
}

/** Headers mean the same everywhere, and the guide tells what: here they are only named. */
function parameters(operation: OpenApiOperation, document: OpenApiDocument): Html {
  const all = operation.parameters.map((parameter) => resolve(parameter, document) as unknown as Parameter);
  const [headers, own] = partition(all, (parameter) => parameter.in === "header");
  const names = headers.map(({ name }) => html` <code>${name}</code>`);
  return html`${own.length === 0 ? undefined : parameterTable(own)}
${names.length === 0 ? undefined : html`<p class="soft">Headers:${names}</p>`}`;
}

function parameterTable(parameters: readonly Parameter[]): Html {
  const rows = parameters.map(
    ({ name, in: where, required, description, schema }) =>
      html`<tr><td><code>${name}</code>${required === true ? html` <em>required</em>` : undefined}</td>
<td>${where}</td><td>${schemaTree(schema)}${description === undefined ? undefined : html`<p>${inline(description)}</p>`}</td></tr>`,
  );
  return html`<h4>Parameters</h4><div class="scroll"><table>
<thead><tr><th scope="col">Name</th><th scope="col">In</th><th scope="col">Form</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function requestBody({ requestBody: body }: OpenApiOperation): Html | undefined {
  if (body === undefined) return undefined;
  const [[mediaTypes, schema] = ["", {}]] = byContent(body.content);
  return html`<h4>Body</h4><p class="type"><code>${mediaTypes}</code>${body.required ? undefined : " (optional)"}</p>${schemaTree(schema)}`;
}

function answers({ responses }: OpenApiOperation): Html {
  const [refusals, successes] = partition(Object.entries(responses), ([, response]) => "$ref" in response);
  const statuses = refusals.map(([status]) => status).filter((status) => status !== "default");
  return html`<h4>Answers</h4>${successes.map(([status, response]) => success(status, response))}
<p class="soft">Refused with ${statuses.map((status) => html`<a href="#errors">${status}</a> `)}</p>`;
}

function success(status: string, response: JsonObject): Html {
  const { description, content = {} } = response as {
    readonly description: string;
    readonly content?: { readonly [mediaType: string]: { readonly schema: JsonObject } };
  };
  return html`<p><strong class="good">${status}</strong> ${inline(description)}</p>
${byContent(content).map(([mediaTypes, schema]) => html`<p class="type"><code>${mediaTypes}</code></p>${schemaTree(schema)}`)}`;
}

function partition<T>(
  items: readonly T[],
  test: (item: T) => boolean,
): readonly [readonly T[], readonly T[]] {
  return [items.filter(test), items.filter((item) => !test(item))];
}

/** Media types of one schema are told together. */
function byContent(content: {
  readonly [mediaType: string]: { readonly schema: JsonObject };
}): readonly (readonly [mediaTypes: string, schema: JsonObject])[] {
  const groups = Map.groupBy(Object.entries(content), ([, { schema }]) => JSON.stringify(schema));
  return [...groups.values()].map((group) => [
    group.map(([mediaType]) => mediaType).join(", "),
    group[0]?.[1].schema ?? {},
  ]);
}

function schemaSection(name: string, schema: JsonObject): Html {
  return html`<article id="schema-${name}"><h3><a href="#schema-${name}">${name}</a></h3>${schemaTree(schema)}</article>`;
}

/** Follows a reference into the components; everything else is given back. */
function resolve(value: JsonObject, { components }: OpenApiDocument): JsonObject {
  const [kind, name] = typeof value["$ref"] === "string" ? value["$ref"].split("/").slice(2) : [];
  return kind === undefined || name === undefined ? value : (components[kind]?.[name] ?? value);
}

function badge(method: string): Html {
  return html`<span class="method ${method.toLowerCase()}">${method}</span>`;
}

/** CommonMark as far as our own texts use it: `code`. */
function inline(text: string): readonly (Html | string)[] {
  return text.split("`").map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part));
}

function slug(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
}
