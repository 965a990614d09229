import type { Collection } from "./collections.ts";

/** What one partition takes a second (Developer Guide, "Designing partition keys"). */
export const PARTITION = { writeUnits: 1000, readUnits: 3000 } as const;

/** The load on one partition key. */
export interface KeyHeat {
  readonly key: string;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** The load on a collection's keys. */
export interface CollectionHeat {
  readonly collection: Collection;
  /** Units a second of all its keys together. */
  readonly readUnits: number;
  readonly writeUnits: number;
  readonly keys: number;
  readonly hottest: KeyHeat;
  /** Partitions that the hottest key would have to be spread over. */
  readonly partitionsWanted: number;
  /** The part of the load at which the hottest key is at a partition's limit. */
  readonly limitAt: number;
  /** How many keys are over the limit at this load. */
  readonly keysOver: number;
}

/** Adds up what keys are asked for: a count for each, and nothing else of them. */
export interface Heat {
  add(
    collection: Collection,
    key: string,
    units: { readonly readUnits: number; readonly writeUnits: number },
  ): void;
  collections(): readonly CollectionHeat[];
}

/** Begins with nothing. */
export function heat(): Heat {
  const counters = new Map<string, Counter>();
  return {
    add: (collection, key, units) => {
      const name = `${collection.table} ${collection.index ?? ""} ${collection.name}`;
      const counter = counters.get(name) ?? { collection, places: new Map(), reads: [], writes: [] };
      counters.set(name, counter);
      const place = counter.places.get(key) ?? counter.places.size;
      counter.places.set(key, place);
      counter.reads[place] = (counter.reads[place] ?? 0) + units.readUnits;
      counter.writes[place] = (counter.writes[place] ?? 0) + units.writeUnits;
    },
    collections: () => Array.from(counters.values(), heatOf).sort((a, b) => a.limitAt - b.limitAt),
  };
}

interface Counter {
  readonly collection: Collection;
  readonly places: Map<string, number>;
  readonly reads: number[];
  readonly writes: number[];
}

function heatOf({ collection, places, reads, writes }: Counter): CollectionHeat {
  const partitions = reads.map((read, place) => partsOf(read, writes[place] ?? 0));
  let hot = 0;
  for (let place = 1; place < partitions.length; place++) {
    if ((partitions[place] ?? 0) > (partitions[hot] ?? 0)) hot = place;
  }
  const key = [...places.keys()][hot] ?? "";
  const wanted = partitions[hot] ?? 0;
  return {
    collection,
    readUnits: sum(reads),
    writeUnits: sum(writes),
    keys: places.size,
    hottest: { key, readUnits: reads[hot] ?? 0, writeUnits: writes[hot] ?? 0 },
    // What is added up in another order differs in its last digits.
    partitionsWanted: Math.max(1, Math.ceil(wanted - 1e-6)),
    limitAt: 1 / wanted,
    keysOver: partitions.filter((parts) => parts > 1 + 1e-6).length,
  };
}

/** How much of a partition that is: reads and writes have a limit each. */
function partsOf(readUnits: number, writeUnits: number): number {
  return Math.max(readUnits / PARTITION.readUnits, writeUnits / PARTITION.writeUnits);
}

function sum(units: readonly number[]): number {
  return units.reduce((total, one) => total + one, 0);
}
