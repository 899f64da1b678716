// Names for what a run has of its own on a server: told from those of others, also by a later start.

const OWN = /^aftershock-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function freshName(): string {
  return `aftershock-${crypto.randomUUID()}`
}

export function isOwnName(name: string): boolean {
  return OWN.test(name)
}
