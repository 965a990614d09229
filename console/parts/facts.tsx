import type { ComponentChildren } from "preact";

/** A name with what it stands for. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** What is longer than this gets more room. */
const WIDE = 60;

/** Some facts beside each other. */
export function Facts({ of }: { readonly of: readonly Fact[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name} class={typeof value === "string" && value.length > WIDE ? "wide" : ""}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
