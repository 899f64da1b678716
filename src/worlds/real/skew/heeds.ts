// Whether a program asks the C library for the time: one that asks the kernel itself cannot be told another.
import { closeSync, openSync, readSync } from 'node:fs'
import { basename, delimiter, join } from 'node:path'
import { isProgram } from '../find-binary.ts'

/** A script names what runs it, which may be a script again. */
const MOST_SCRIPTS = 4
const INTERPRETER_SEGMENT = 3
const HEAD_BYTES = 4_096

/**
 * Why the clock of a command cannot be skewed; undefined where nothing speaks against it. What a shell goes on to run
 * is not seen here: there the dates that it sends show whether its clock was off.
 */
export function whyUnheeding(
  command: string,
  folder: string,
  path: string | undefined,
): string | undefined {
  let program = locate(command, folder, path)
  for (let scripts = 0; program !== undefined && scripts < MOST_SCRIPTS; scripts++) {
    const head = headOf(program)
    if (head.subarray(0, 4).toString('latin1') === '\x7fELF') return whyOfElf(program, head)
    const [, interpreter = '', rest = ''] =
      /^#!\s*(\S+)[ \t]*([^\n]*)/.exec(head.toString('latin1')) ?? []
    if (interpreter === '') return undefined
    const named =
      basename(interpreter) === 'env'
        ? rest.split(/\s+/).find((w) => !w.startsWith('-'))
        : undefined
    program = locate(named ?? interpreter, folder, path)
  }
  return undefined
}

function locate(command: string, folder: string, path = ''): string | undefined {
  if (command.includes('/')) return [join(folder, command), command].find(isProgram)
  return path
    .split(delimiter)
    .map((one) => join(one, command))
    .find(isProgram)
}

function headOf(file: string): Buffer {
  return bytesOf(file, 0, HEAD_BYTES)
}

function bytesOf(file: string, at: number, size: number): Buffer {
  const descriptor = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(size)
    return buffer.subarray(0, readSync(descriptor, buffer, 0, size, at))
  } finally {
    closeSync(descriptor)
  }
}

/** Of 64-bit little-endian files; others are not looked into. */
function whyOfElf(file: string, head: Buffer): string | undefined {
  const is64 = head.length >= 64 && head[4] === 2 && head[5] === 1
  if (!is64) return undefined
  if (
    sectionNames(file, head).some((name) => name.startsWith('.go.') || name === '.note.go.buildid')
  )
    return 'it is written in Go, which asks the kernel for the time'
  return segmentTypes(head).includes(INTERPRETER_SEGMENT)
    ? undefined
    : 'it is linked statically, and loads no library'
}

function segmentTypes(head: Buffer): number[] {
  const [at, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ]
  return Array.from({ length: count }, (_, i) => at + i * size)
    .filter((offset) => offset + 4 <= head.length)
    .map((offset) => head.readUInt32LE(offset))
}

function sectionNames(file: string, head: Buffer): string[] {
  const [at, size] = [Number(head.readBigUInt64LE(40)), head.readUInt16LE(58)]
  const [count, names] = [head.readUInt16LE(60), head.readUInt16LE(62)]
  if (at === 0 || count === 0) return []
  const table = bytesOf(file, at, size * count)
  if (table.length < size * count) return []
  const textAt = Number(table.readBigUInt64LE(names * size + 24))
  const text = bytesOf(file, textAt, Number(table.readBigUInt64LE(names * size + 32)))
  return Array.from({ length: count }, (_, i) => {
    const from = table.readUInt32LE(i * size)
    return text.toString('latin1', from, text.indexOf(0, from))
  })
}
