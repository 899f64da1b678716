// An item's id: its index as text of a fixed width.

/** Digits: room for a hundred million. */
export const ID_WIDTH = 8

export function itemId(index: number): string {
  return String(index).padStart(ID_WIDTH, '0')
}
