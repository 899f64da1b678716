// What servers say when the machine is to blame, and what to do then.

const SYMPTOMS: readonly (readonly [RegExp, string])[] = [
  [
    /no space left on device|ENOSPC|disk full|minimum free drive threshold/i,
    'The disk is full: make room, or let TMPDIR name a folder that has some.',
  ],
  [
    /address already in use|port is already allocated|EADDRINUSE/i,
    'The port is taken: end what listens there, or leave the port out.',
  ],
  [
    /exec format error|ENOEXEC/i,
    'It was built for another kind of machine: get the one for this one.',
  ],
  [
    /permission denied|EACCES/i,
    'This user may not do that: see to the rights, or be another user.',
  ],
  [/cannot allocate memory|out of memory|ENOMEM/i, 'There is not enough memory for it.'],
]

/** Of the first symptom that is found in any of the lines. */
export function hintFor(lines: readonly string[]): string | undefined {
  return SYMPTOMS.find(([pattern]) => lines.some((line) => pattern.test(line)))?.[1]
}
