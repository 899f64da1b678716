// A plain model of the object table, and commands that do the same to both and compare.
import type fc from 'fast-check'
import { expect } from 'vitest'
import { must } from '../../../src/base/assert.ts'
import type { ObjectTable, TableListing } from '../../../src/worlds/store/objects.ts'
import type { ObjectInfo } from '../../../src/worlds/world.ts'

interface ModelListing {
  readonly prefix: string
  readonly seq: number
  frozen?: readonly ModelObject[]
}

interface ModelObject extends ObjectInfo {
  readonly seq: number
}

export interface Model {
  objects: ModelObject[]
  seq: number
  readonly listings: ModelListing[]
}

export interface Real {
  readonly table: ObjectTable
  readonly listings: TableListing[]
}

type Command = fc.Command<Model, Real>

const command = (
  name: string,
  run: (model: Model, real: Real) => void,
  check: (model: Readonly<Model>) => boolean = () => true,
): Command => ({ check, run, toString: () => name })

const shown = (objects: Iterable<ObjectInfo>) =>
  [...objects].map(({ key, sizeBytes, modifiedMs }) => ({ key, sizeBytes, modifiedMs }))
const byKey = (a: ObjectInfo, b: ObjectInfo) => (a.key < b.key ? -1 : 1)

/** What a listing shows now: nothing put after it, and, unless frozen, nothing removed since. */
const visible = (model: Model, listing: ModelListing): readonly ModelObject[] =>
  listing.frozen ??
  model.objects.filter((o) => o.key.startsWith(listing.prefix) && o.seq <= listing.seq)

export const put = (key: string, sizeBytes: number) =>
  command(`put(${key}, ${sizeBytes})`, (model, real) => {
    const seq = ++model.seq
    model.objects = [
      ...model.objects.filter((o) => o.key !== key),
      { key, sizeBytes, modifiedMs: seq * 10, seq },
    ]
    real.table.put(key, sizeBytes, seq * 10)
  })

export const remove = (key: string) =>
  command(`remove(${key})`, (model, real) => {
    const isThere = model.objects.some((o) => o.key === key)
    model.objects = model.objects.filter((o) => o.key !== key)
    expect(real.table.remove(key)).toBe(isThere)
  })

export const look = (key: string) =>
  command(`look(${key})`, (model, real) => {
    const found = model.objects.filter((o) => o.key === key)
    expect(real.table.has(key)).toBe(found.length > 0)
    expect(shown([real.table.get(key) ?? []].flat())).toEqual(shown(found))
    expect(real.table.size).toBe(model.objects.length)
  })

export const list = (prefix: string) =>
  command(`list(${prefix})`, (model, real) => {
    const listing: ModelListing = { prefix, seq: model.seq }
    const taken = real.table.list(prefix)
    expect(taken.count).toBe(visible(model, listing).length)
    model.listings.push(listing)
    real.listings.push(taken)
  })

function both(model: Model, real: Real, pick: number): [ModelListing, TableListing] {
  const i = pick % model.listings.length
  return [must(model.listings[i], 'checked'), must(real.listings[i], 'as many')]
}

const isListed = (model: Readonly<Model>) => model.listings.length > 0

export const entries = (pick: number) =>
  command(
    `entries(${pick})`,
    (model, real) => {
      const [listing, taken] = both(model, real, pick)
      expect(shown(taken.entries())).toEqual(shown([...visible(model, listing)].sort(byKey)))
    },
    isListed,
  )

export const since = (pick: number, earlier: number | undefined) =>
  command(
    `since(${pick}, ${earlier})`,
    (model, real) => {
      const [listing, taken] = both(model, real, pick)
      const [before, takenBefore] = earlier === undefined ? [] : both(model, real, earlier)
      const newer = visible(model, listing).filter((o) => o.seq > (before?.seq ?? 0))
      expect(shown(taken.since(takenBefore))).toEqual(
        shown(newer.toSorted((a, b) => a.seq - b.seq)),
      )
    },
    isListed,
  )

export const freeze = (pick: number) =>
  command(
    `freeze(${pick})`,
    (model, real) => {
      const [listing, taken] = both(model, real, pick)
      listing.frozen ??= [...visible(model, listing)]
      taken.freeze()
    },
    isListed,
  )
