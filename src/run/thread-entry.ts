// The module that the thread of the interposers runs: beside this one, compiled or not.

export const THREAD_ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './interposer.ts' : './interposer.js',
  import.meta.url,
)
