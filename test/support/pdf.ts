import { extractText, getDocumentProxy } from "unpdf";

/** What a reader of PDF makes of a file. @throws where it would refuse it */
export async function readPdf(bytes: Uint8Array) {
  const document = await getDocumentProxy(Uint8Array.from(bytes));
  try {
    const { text } = await extractText(document);
    return { pages: text, scripts: await document.getJSActions(), opens: await document.getOpenAction() };
  } finally {
    await document.loadingTask.destroy();
  }
}
