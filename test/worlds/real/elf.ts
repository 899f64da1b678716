// The head of a program, as Linux loads it: its segments, and the names of its sections.

/** A 64-bit one that does nothing. */
export function elf(segments: readonly number[], sections: readonly string[]): Buffer {
  const [headSize, segmentSize, sectionSize] = [64, 56, 64]
  const names = ['', ...sections, '.shstrtab']
  const text = Buffer.from(names.map((name) => `${name}\0`).join(''))
  const textAt = headSize + segments.length * segmentSize
  const sectionsAt = textAt + text.length
  const file = Buffer.alloc(sectionsAt + names.length * sectionSize)
  file.write('\x7fELF\x02\x01\x01', 'latin1')
  file.writeBigUInt64LE(BigInt(headSize), 32)
  file.writeBigUInt64LE(BigInt(sectionsAt), 40)
  for (const [at, value] of [
    [54, segmentSize],
    [56, segments.length],
    [58, sectionSize],
    [60, names.length],
    [62, names.length - 1],
  ] as const)
    file.writeUInt16LE(value, at)
  for (const [i, type] of segments.entries()) file.writeUInt32LE(type, headSize + i * segmentSize)
  text.copy(file, textAt)
  for (const [i, name] of names.entries()) {
    const at = sectionsAt + i * sectionSize
    file.writeUInt32LE(name === '' ? 0 : text.indexOf(`${name}\0`), at)
    file.writeBigUInt64LE(BigInt(textAt), at + 24)
    file.writeBigUInt64LE(BigInt(text.length), at + 32)
  }
  return file
}

/** As `go build` makes them. */
export const GO = elf([1], ['.text', '.go.buildinfo'])
