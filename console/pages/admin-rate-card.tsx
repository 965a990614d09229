import { get, put } from "../api.ts";
import { formatTime } from "../format.ts";
import { say } from "../notices.ts";
import { may, type PageProps } from "../pages.tsx";
import { Facts } from "../parts/facts.tsx";
import { AreaField, Form, TextField } from "../parts/form.tsx";
import { Loaded, Section } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";
import { jsonOf } from "../typed.ts";

interface Meter {
  readonly meter: string;
  readonly unit: string;
  readonly model: string;
  readonly freeAllowance: string;
  readonly unitPrice?: string;
  readonly packageSize?: string;
  readonly tiers?: ReadonlyArray<{ upTo: string | null; unitPrice: string; flatFee: string }>;
}

interface Card {
  readonly version: number | null;
  readonly effectiveFrom: string;
  readonly currency: string;
  readonly meters: readonly Meter[];
  readonly minimumCharge: string;
  readonly taxRate: string;
  readonly versions: ReadonlyArray<{ version: number | null; effectiveFrom: string }>;
}

/** What things cost. The operator writes a new version; what was rated with an older one stays as it is. */
export function RateCard({ me }: PageProps) {
  const card = useLoad(() => get<Card>("/v1/rate-card"));
  return (
    <Section title="Rate card">
      <Loaded of={card} what="the rate card">
        {(data) => (
          <>
            <Facts
              of={[
                ["Version", data.version === null ? "none yet" : String(data.version)],
                ["In force since", formatTime(data.effectiveFrom)],
                ["Currency", data.currency],
                ["Minimum a month", data.minimumCharge],
                ["Tax rate", data.taxRate],
                ["All versions", data.versions.map(({ version }) => version ?? "first").join(", ")],
              ]}
            />
            <Prices meters={data.meters} />
            {may(me, "ratecard:update") && <Editor card={data} saved={(next) => card.change(() => next)} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Prices({ meters }: { readonly meters: readonly Meter[] }) {
  return (
    <div class="scroll">
      <table class="stacked">
        <caption>Prices</caption>
        <thead>
          <tr>
            <th scope="col">Meter</th>
            <th scope="col">Unit</th>
            <th scope="col">Model</th>
            <th scope="col">Free</th>
            <th scope="col">Price</th>
          </tr>
        </thead>
        <tbody>
          {meters.map((meter) => (
            <tr key={meter.meter}>
              <td data-label="Meter">{meter.meter}</td>
              <td data-label="Unit">{meter.unit}</td>
              <td data-label="Model">{meter.model}</td>
              <td data-label="Free">{meter.freeAllowance}</td>
              <td data-label="Price">{priceOf(meter)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function priceOf({ unitPrice, packageSize, tiers = [] }: Meter): string {
  if (unitPrice !== undefined)
    return packageSize === undefined ? unitPrice : `${unitPrice} for each ${packageSize}`;
  return tiers
    .map((tier) => {
      const fee = Number(tier.flatFee) === 0 ? "" : ` and ${tier.flatFee}`;
      return `${tier.upTo === null ? "above" : `to ${tier.upTo}`}: ${tier.unitPrice}${fee}`;
    })
    .join("; ");
}

function Editor({ card, saved }: { readonly card: Card; readonly saved: (card: Card) => void }) {
  return (
    <details class="card spaced">
      <summary>Write a new version</summary>
      <Form
        label="Save the new version"
        name="Rate card"
        send={async (filled) => {
          const from = filled.optional("effectiveFrom");
          const body = {
            meters: jsonOf(filled.text("meters"), "The meters are not JSON."),
            currency: filled.text("currency"),
            minimumCharge: filled.text("minimumCharge"),
            taxRate: filled.text("taxRate"),
            ...(from === undefined ? {} : { effectiveFrom: from }),
          };
          saved(await put<Card>("/v1/rate-card", body));
          say("The new version is written.");
        }}
      >
        <div class="columns">
          <TextField label="Currency" name="currency" value={card.currency} required />
          <TextField
            label="Minimum a month"
            name="minimumCharge"
            value={card.minimumCharge}
            inputMode="decimal"
            required
          />
          <TextField label="Tax rate" name="taxRate" value={card.taxRate} inputMode="decimal" required />
          <TextField label="In force from (UTC)" name="effectiveFrom" placeholder="Now" />
        </div>
        <AreaField
          label="Meters, as JSON"
          name="meters"
          rows={14}
          value={JSON.stringify(card.meters, null, 2)}
          hint="As PUT /v1/rate-card takes them: flat, package, graduated or volume."
        />
      </Form>
    </details>
  );
}
