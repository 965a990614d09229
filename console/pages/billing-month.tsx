import { get, getOrNone } from "../api.ts";
import { addDecimals } from "../decimal.ts";
import type { Me } from "../documents.ts";
import { formatDay, formatMoney, formatQuantity } from "../format.ts";
import { type Budget, costBySession, type Preview } from "../invoices.ts";
import { may } from "../pages.tsx";
import { type Bar, Bars } from "../parts/bars.tsx";
import { Empty, Loaded, Section } from "../parts/page.tsx";
import { useLoad } from "../parts/use-load.ts";
import { UserName } from "../parts/user-name.tsx";
import { linkTo } from "../router.ts";
import { BudgetEditor } from "./billing-budget.tsx";
import { CostByDay } from "./billing-days.tsx";

/** This month so far: its cost by day, meter and session, where it leads, and what was meant to be spent. */
export function ThisMonth({ me }: { readonly me: Me }) {
  const preview = useLoad(() => get<Preview>("/v1/billing/preview"));
  const budget = useLoad(async () => ({ budget: await readBudget(me) }));
  return (
    <Loaded of={preview} what="this month">
      {(data) => (
        <>
          <Figures preview={data} budget={budget.data?.budget} />
          {may(me, "budget:update") && (
            <BudgetEditor
              budget={budget.data?.budget}
              currency={data.currency}
              saved={(next) => budget.change(() => ({ budget: next }))}
            />
          )}
          <CostByDay preview={data} />
          <Section title="By meter">
            <ByMeter preview={data} />
          </Section>
          <Section title="By session">
            <BySession preview={data} />
          </Section>
          {data.unattributed.length > 0 && <Unattributed preview={data} />}
        </>
      )}
    </Loaded>
  );
}

async function readBudget(me: Me): Promise<Budget | undefined> {
  return may(me, "budget:read") ? await getOrNone<Budget>("/v1/budgets") : undefined;
}

function Figures({ preview, budget }: { readonly preview: Preview; readonly budget: Budget | undefined }) {
  const { currency, total, forecast, tax, creditBalance, period } = preview;
  const spent = budget && Math.round((Number(total) / Number(budget.amount)) * 100);
  return (
    <div class="figures">
      <Figure name={`Since ${formatDay(period.start)}`} value={formatMoney(total, currency)} />
      <Figure name="Forecast for the month" value={formatMoney(forecast.total, currency)} />
      <Figure name="Tax in it" value={formatMoney(tax, currency)} />
      {budget !== undefined && (
        <Figure name={`Of the budget of ${formatMoney(budget.amount, currency)}`} value={`${spent} %`} />
      )}
      {Number(creditBalance) > 0 && <Figure name="Credit" value={formatMoney(creditBalance, currency)} />}
    </div>
  );
}

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div class="figure">
      <span>{name}</span>
      <strong>{value}</strong>
    </div>
  );
}

function ByMeter({ preview: { lines, currency } }: { readonly preview: Preview }) {
  if (lines.length === 0) return <Empty>Nothing is charged yet this month.</Empty>;
  const bars: readonly Bar[] = lines.map(({ meter, description, quantity, unit, amount }) => ({
    key: `${meter} ${description}`,
    name: description,
    detail: `${formatQuantity(quantity)} ${unit}`,
    amount,
  }));
  return (
    <Bars bars={bars} currency={currency} nameTitle="Meter" detailTitle="Used" caption="Cost by meter" />
  );
}

const SESSIONS_SHOWN = 15;

function BySession({ preview: { lines, currency } }: { readonly preview: Preview }) {
  const bars: readonly Bar[] = costBySession(lines).map(({ sessionId, userId, amounts }) => ({
    key: sessionId,
    name: (
      <a href={linkTo(`/sessions/${sessionId}`)}>
        <code>{sessionId}</code>
      </a>
    ),
    detail: <UserName id={userId} />,
    amount: addDecimals(amounts),
  }));
  if (bars.length === 0) return <Empty>No session was charged for anything yet this month.</Empty>;
  return (
    <Bars
      bars={bars}
      currency={currency}
      nameTitle="Session"
      detailTitle="User"
      caption="Cost by session"
      shown={SESSIONS_SHOWN}
    />
  );
}

function Unattributed({ preview }: { readonly preview: Preview }) {
  return (
    <Section title="Not charged" intro="What ran while no session held it.">
      <ul>
        {preview.unattributed.map(({ meter, quantity, unit }) => (
          <li key={meter}>
            {meter}: {formatQuantity(quantity)} {unit}
          </li>
        ))}
      </ul>
    </Section>
  );
}
