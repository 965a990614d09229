import type { ComponentChildren } from "preact";

/** A name with what it stands for. */
export type Fact = readonly [name: string, value: ComponentChildren];

/** Some facts beside each other. */
export function Facts({ of }: { readonly of: readonly Fact[] }) {
  return (
    <dl class="facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
