// Words as a shell takes them.

/** A file's name, or any other word, in quotes where it needs them. */
export function quote(word: string): string {
  return /^[\w./@:,=+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
