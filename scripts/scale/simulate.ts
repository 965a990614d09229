import type { Action, Spend } from "./action.ts";
import type { Subject } from "./collections.ts";
import { type CollectionHeat, heat } from "./heat.ts";
import { type Load, ratesOf } from "./load.ts";
import { type Population, population } from "./population.ts";

/** What comes of spreading a second of a load over the keys. */
export interface Simulated {
  /** The hottest first. */
  readonly collections: readonly CollectionHeat[];
  /** How many actions were drawn. */
  readonly drawn: number;
  /** Units that the drawn actions take by their counts, which the keys have to have got. */
  readonly readUnits: number;
  readonly writeUnits: number;
}

interface Drawing {
  readonly load: Load;
  /** The part of a second that is drawn; what comes of it is scaled up to a second. */
  readonly seconds: number;
}

/** Draws who acts and spreads what that takes over the keys that the product's key functions make. */
export function simulate(actions: readonly Action[], { load, seconds }: Drawing): Simulated {
  const rates = ratesOf(load);
  const people = population(load);
  const spread = heat();
  const totals = { drawn: 0, readUnits: 0, writeUnits: 0 };
  for (const action of actions) {
    const rate = rates.get(action.name);
    if (rate === undefined) throw new Error(`How often is ${action.name}?`);
    const draws = Math.max(1, Math.round(rate * seconds));
    totals.drawn += draws;
    for (let count = 0; count < draws; count++) {
      for (const { subject, spend, part } of asked(people, action)) {
        const times = (rate / draws) * part;
        const units = { readUnits: spend.readUnits * times, writeUnits: spend.writeUnits * times };
        const key = spend.collection.keyOf(subject);
        if (key === undefined) throw new Error(`${action.name} has no key of ${spend.collection.name}.`);
        spread.add(spend.collection, key, units);
        totals.readUnits += units.readUnits;
        totals.writeUnits += units.writeUnits;
      }
    }
  }
  return { collections: spread.collections(), ...totals };
}

interface Asked {
  readonly subject: Subject;
  readonly spend: Spend;
  /** What is asked of many keys is divided between them. */
  readonly part: number;
}

/** An action of somebody who is drawn: each thing that it asks for, with whom it is of. */
function* asked(people: Population, action: Action): Generator<Asked> {
  const subject = people.draw(action.of);
  const records = action.records.map((record) => people.withRecord(subject, record, action.of));
  for (const spend of action.spends) {
    if (spend.collection.table === "billing") yield* ofEvents(people, subject, spend);
    else yield { subject: records[spend.record ?? 0] ?? subject, spend, part: 1 };
  }
}

/** A batch's events are one resource's; each has a key of its own, and they are of three meters. */
function* ofEvents(people: Population, subject: Subject, spend: Spend): Generator<Asked> {
  const many = Math.max(1, Math.round(spend.writeUnits + spend.readUnits));
  for (let count = 0; count < many; count++) {
    yield { subject: people.withEvent(subject), spend, part: 1 / many };
  }
}
