import "./style.css";
import { render } from "preact";
import { App } from "./app.tsx";
import { startSession } from "./session.ts";

const root = document.getElementById("app");
if (root !== null) {
  root.replaceChildren();
  render(<App />, root);
  void startSession();
}
