import type { CardStore } from "../billing/card-store.ts";
import { BUILT_IN_DEFINITIONS, type MeterCatalog, type MeterDefinition } from "../usage/meter-catalog.ts";

/** The meters that are built in, and those that any version of the rate card has added: the latest one counts. */
export function meterCatalog(cards: Pick<CardStore, "all">): MeterCatalog {
  return {
    definitions: async () => {
      const definitions = new Map<string, MeterDefinition>();
      for (const card of await cards.all()) {
        for (const { meter, unit, aggregation } of card.meters) {
          if (aggregation !== undefined) definitions.set(meter, { aggregation, unit });
        }
      }
      return new Map([...definitions, ...BUILT_IN_DEFINITIONS]);
    },
  };
}
