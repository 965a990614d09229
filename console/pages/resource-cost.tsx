import { get } from "../api.ts";
import { Loaded } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";

interface ResourceCost {
  readonly currency: string;
  readonly amount: string;
  readonly lines: ReadonlyArray<{
    readonly meter: string;
    readonly quantity: string;
    readonly unit: string;
    readonly amount: string;
  }>;
}

/** What a resource has cost this month, by meter. */
export function ResourceCostPart({ id }: { readonly id: string }) {
  const cost = useLoad(() => get<ResourceCost>(`/v1/resources/${id}/cost`), id);
  return (
    <section>
      <h2>Cost this month so far</h2>
      <Loaded of={cost} what="its cost">
        {({ amount, currency, lines }) =>
          lines.length === 0 ? (
            <p>Nothing yet: what no session holds is not charged.</p>
          ) : (
            <>
              <p>
                <strong>
                  {amount} {currency}
                </strong>
                , before taxes and the minimum.
              </p>
              <ul>
                {lines.map((line) => (
                  <li key={line.meter}>
                    {line.meter}: {line.quantity} {line.unit}, {line.amount} {currency}
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </section>
  );
}
